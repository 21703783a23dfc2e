"""The project's own folder, for naming frames; and the frames of this package, to leave out."""

from callcentersite.settings.env import BASE_DIR

from .domain.frames import Folder

OWN = "callcentersite/apps/common/measuring/"


def folder() -> Folder:
    """Where the project is."""
    return Folder(root=str(BASE_DIR))


def own_folder() -> str:
    """Where this package is."""
    return f"{BASE_DIR}/{OWN}"
