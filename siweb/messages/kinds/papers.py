"""What a person is told of what leaves the office about them: by a code, a paper, a copy."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

SHARE_CODE_USED = MessageKind(
    "share_code_used",
    Reader.PERSON,
    _l("Your share code was used"),
    _l("See when, and what it shows. If you do not know who that was, take the code back."),
    "share_codes.show_codes",
)
PAPER_VERIFIED = MessageKind(
    "paper_verified",
    Reader.PERSON,
    _l("A paper of yours was verified"),
    _l("Somebody entered the code on it. See when, under the paper."),
    "documents.show_documents",
)
DATA_COPIED = MessageKind(
    "data_copied",
    Reader.PERSON,
    _l("A copy of all your data was made"),
    _l("If you did not ask for it, change your password and tell the agency at once."),
    "data_copies.show_copy",
)
PAPERS_REVOKED = MessageKind(
    "papers_revoked",
    Reader.PERSON,
    _l("Papers of yours are no longer valid"),
    _l(
        "What they said was corrected, and whoever verifies one of them reads so. Get new ones, "
        "and give them to those who have the old."
    ),
    "documents.show_documents",
)
# Not adverse by itself: what it certified stays on record, and the person gets it anew.
PAPER_REVOKED = MessageKind(
    "paper_revoked",
    Reader.PERSON,
    _l("The agency revoked a paper of yours"),
    _l(
        "It is no longer confirmed to others. Which one, since when and by what decision stands on "
        "its page. From tomorrow you can get it anew; if it was right, tell the agency."
    ),
    "documents.show_documents",
)
