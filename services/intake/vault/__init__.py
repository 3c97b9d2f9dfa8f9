"""身份保险库: petitioners' identities, apart from the facts, encrypted and erasable (个人信息保护法 Arts 47, 51).

Each petitioner has a data key (AES-256-GCM), wrapped by a key that is derived from the master key file. Erasing
somebody destroys their data key. The same person is found again by a blind index: keyed digests of what tells people
apart.

On PostgreSQL old row versions stay until VACUUM. A backup of the tables taken together with the key file brings an
erased person back: keep the two apart, and let backups expire.
"""

from services.intake.vault.keys import Damaged, WrongKey
from services.intake.vault.person import Petitioner, valid_id_number
from services.intake.vault.vault import Access, Erased, NoSuchPetitioner, Vault

__all__ = [
    "Access",
    "Damaged",
    "Erased",
    "NoSuchPetitioner",
    "Petitioner",
    "Vault",
    "WrongKey",
    "valid_id_number",
]
