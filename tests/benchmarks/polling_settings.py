"""The test settings with django-q2's own broker, to measure ours beside it."""

from callcentersite.settings import test

vars().update({name: value for name, value in vars(test).items() if name.isupper()})
Q_CLUSTER = {name: value for name, value in test.Q_CLUSTER.items() if name != "broker_class"}
