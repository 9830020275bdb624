"""Events put off because a part of ours was down are kept like those refused and those that wait."""

from django.db import migrations, models

KEPT = ("refused", "waiting", "postponed")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_tallies_in_access")]
    operations = [
        migrations.AlterField(
            "inbound",
            "outcome",
            models.CharField(
                choices=[
                    ("applied", "已采用"), ("stale", "晚到，未采用"), ("waiting", "等待对应的来件"),
                    ("overruled", "按规则未采用"), ("conflict", "待人决定"), ("refused", "已退回"),
                    ("postponed", "我方暂时不能处理"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveIndex("inbound", "exchange_inbound_kept"),
        migrations.AddIndex(
            "inbound",
            models.Index(
                fields=["system", "-id"], name="exchange_inbound_kept", condition=models.Q(outcome__in=KEPT)
            ),
        ),
    ]  # fmt: skip
