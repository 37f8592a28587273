"""Arms and interventions of a study, and which belongs to which."""

from dataclasses import dataclass, replace

from trials.registry import enums
from trials.registry.fields import Fields, unique


@dataclass(frozen=True, slots=True)
class Arm:
    label: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Intervention:
    type: str
    name: str
    description: str
    other_names: tuple[str, ...]
    arm_labels: tuple[str, ...]  # as the registry gives them; some name no arm
    arms: tuple[int, ...]  # positions in Study.arms, from 0


def read_arms(module: Fields) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """The arms and interventions in the registry's order, joined to each other."""
    names_in_arm: dict[Arm, tuple[str, ...]] = {}
    for group in module.sections("armGroups"):
        arm = Arm(
            label=group.label("label"),
            type=group.choice("type", enums.ARM_TYPE),
            description=group.text("description"),
        )
        names_in_arm[arm] = unique(names_in_arm.get(arm, ()) + group.labels("interventionNames"))
    interventions = unique(map(_intervention, module.sections("interventions")))
    joined = (replace(one, arms=_arms_of(one, names_in_arm)) for one in interventions)
    return tuple(names_in_arm), tuple(joined)


def _intervention(intervention: Fields) -> Intervention:
    return Intervention(
        type=intervention.choice("type", enums.INTERVENTION_TYPE),
        name=intervention.label("name"),
        description=intervention.text("description"),
        other_names=intervention.labels("otherNames"),
        arm_labels=intervention.labels("armGroupLabels"),
        arms=(),
    )


def _arms_of(
    intervention: Intervention, names_in_arm: dict[Arm, tuple[str, ...]]
) -> tuple[int, ...]:
    # The intervention's own list comes first: arms name theirs by type and name alone, and two
    # different placebos may share both.
    labels = set(intervention.arm_labels)
    by_label = [place for place, arm in enumerate(names_in_arm) if arm.label in labels]
    if by_label:
        return tuple(by_label)
    return tuple(
        place
        for place, names in enumerate(names_in_arm.values())
        if any(_names(name, intervention) for name in names)
    )


def _names(name_in_arm: str, intervention: Intervention) -> bool:
    """Whether an arm's "Dietary Supplement: Omega 3" means this intervention."""
    kind, _, name = name_in_arm.partition(": ")
    if name != intervention.name:
        return name_in_arm == intervention.name
    return not intervention.type or kind.upper().replace(" ", "_") == intervention.type
