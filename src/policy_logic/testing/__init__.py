"""Testing policies: drawn cases, and properties that have to hold of each.

Needs the extra ``policy-logic[testing]``; nothing else of the program imports it.
"""

from policy_logic.testing.applicants import applicants, good_applicants
from policy_logic.testing.decisions import check_order_free, check_proofs, check_verifiable
from policy_logic.testing.fault import Fault, PropertyFault
from policy_logic.testing.monotone import check_monotone
from policy_logic.testing.plans import check_caps, check_exclusions, check_no_double_payment
from policy_logic.testing.properties import PROPERTIES
from policy_logic.testing.smallest import smallest
from policy_logic.testing.written import as_yaml

__all__ = [
    "PROPERTIES",
    "Fault",
    "PropertyFault",
    "applicants",
    "as_yaml",
    "check_caps",
    "check_exclusions",
    "check_monotone",
    "check_no_double_payment",
    "check_order_free",
    "check_proofs",
    "check_verifiable",
    "good_applicants",
    "smallest",
]
