"""Addresses of this room. Those of the library keep the names by which it finds them itself."""

from django.urls import include, path

from wayhouse.accounts import factor_views, views

own = [
    path("", views.security, name="security"),
    path("here/", views.here, name="here"),
    path("open/", views.unlock, name="unlock"),
    path("passphrase/", views.passphrase, name="passphrase"),
    path("recover/", views.recover, name="recover"),
    path("keys/", views.renew_keys, name="renew_keys"),
    path("recovery-code/", views.recovery_code, name="recovery_code"),
    path("recovery-code/keep/", views.code, name="code"),
    path("sessions/end/", views.end_session, name="end_session"),
]

library = [
    path("login/", factor_views.login, name="account_login"),
    path("login/passkey/", factor_views.passkey_login, name="mfa_login_webauthn"),
    path("login/second/", factor_views.authenticate, name="mfa_authenticate"),
    path("logout/", factor_views.logout, name="account_logout"),
    path("closed/", factor_views.inactive, name="account_inactive"),
    path("begin/", views.begin, name="account_signup"),
    path("again/", factor_views.reauthenticate, name="account_reauthenticate"),
    path("again/code/", factor_views.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("again/passkey/", factor_views.reauthenticate_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("second/", factor_views.index, name="mfa_index"),
    path("second/app/add/", factor_views.activate_totp, name="mfa_activate_totp"),
    path("second/app/remove/", factor_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/", factor_views.list_passkeys, name="mfa_list_webauthn"),
    path("passkeys/add/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", factor_views.edit_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", factor_views.remove_passkey, name="mfa_remove_webauthn"),
    path("codes/", factor_views.spare_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", factor_views.renew_spare_codes, name="mfa_generate_recovery_codes"),
    path("codes/list.txt", factor_views.download_spare_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [path("", include((own, "accounts"))), *library]
