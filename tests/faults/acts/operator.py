"""What the operator's command does: keys that served long enough, the log's head, backups and restoring."""

from datetime import timedelta

from faults.acts import Done, act
from faults.house import PUBLIC, ROOT_PASSPHRASE, SECRET, House
from wayhouse.audit.heads import publish_head
from wayhouse.config.backup.restoring import restore
from wayhouse.config.backup.saving import LEDGER, archives_in, drop_old, save
from wayhouse.core import clock
from wayhouse.crypto import rootkey
from wayhouse.crypto.models import Scope
from wayhouse.crypto.scopes import rotate_due
from wayhouse.people.actions import pause


@act(thrifty=True)
def begin_new_epochs(house: House) -> Done:
    Scope.objects.update(epoch_on=clock.today() - timedelta(days=40), epoch_seq=0)
    return rotate_due


@act()
def sign_the_log(house: House) -> Done:
    pause(house.person("cass"), actor=house.person("cass"))
    return publish_head


@act("backup.made", thrifty=True)
def back_up(house: House) -> Done:
    folder = house.files / "backups"
    save(folder, PUBLIC, tell=_nothing)
    for path, archive, _made in archives_in(folder):
        path.replace(folder / f"{archive}-20200101T000000.archive")

    def done() -> None:
        save(folder, PUBLIC, tell=_nothing)
        drop_old(folder)

    return done


@act("backup.restored")
def restore_a_backup(house: House) -> Done:
    folder = house.files / "backups"
    saved = save(folder, PUBLIC, tell=_nothing)
    ledger = (folder / LEDGER).read_text()
    house.empty()
    return lambda: restore(saved.data, saved.keys, SECRET, ledger=ledger, tell=_nothing)


@act()
def seal_the_root_key(house: House) -> Done:
    keys = house.files / "keys"
    keys.mkdir()
    (house.files / "root.copy").write_bytes(rootkey.load(keys))
    return lambda: rootkey.seal(keys, ROOT_PASSPHRASE)


def _nothing(_words: str) -> None:
    """Nobody looks on."""
