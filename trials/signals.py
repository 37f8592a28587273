"""What the catalogue tells whoever listens; who listens it need not know."""

from django.dispatch import Signal

# A refresh changed something. `report`: its RefreshReport.
refreshed = Signal()
