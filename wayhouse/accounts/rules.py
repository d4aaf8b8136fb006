"""Who may do what with an account: everybody with their own."""

from wayhouse.accounts.models import Session, User


def may_end_session(actor: User, session: Session) -> bool:
    """One's own sessions, wherever they are open."""
    return session.user_id == actor.pk
