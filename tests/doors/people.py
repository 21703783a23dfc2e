"""Who stands at the doors: from nobody to the one who may."""

from django.contrib.auth.models import AnonymousUser, Permission

KINDS = ("nobody", "staff", "viewer", "others_right", "entitled")
# What comes with being able to use a list, a schedule and a past run; none of it runs anything.
USES = ("retry_jobrun", "cancel_jobrun", "add_schedule", "change_schedule")


def person(kind, operation, django_user_model):
    """An account of that kind, as a new request reads it."""
    if kind == "nobody":
        return AnonymousUser()
    user = django_user_model.objects.create_user(f"es.{kind}", password="clave-1", is_staff=True)
    user.user_permissions.set(rights(kind, f"run_{operation.name}"))
    return django_user_model.objects.get(pk=user.pk)


def rights(kind, own):
    """The permissions of Django that the kind has."""
    everything = Permission.objects.all()
    views = everything.filter(codename__startswith="view_")
    uses = everything.filter(codename__in=USES)
    runs = everything.filter(codename__startswith="run_")
    return {
        "staff": [],
        "viewer": [*views],
        "others_right": [*views, *uses, *runs.exclude(codename=own)],
        "entitled": [*views, *uses, *runs.filter(codename=own)],
    }[kind]
