"""Why words were hidden, and who agrees to ground rules, lies sealed from now on.

No migration has the keys to seal what stood in clear: reasons are dropped, and agreements are asked for anew.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0003_closed_words"),
        ('crypto', '0006_scopes_that_follow'),
        ('people', '0005_consents'),
    ]

    operations = [
        migrations.RemoveField(model_name='post', name='reason'),
        migrations.DeleteModel(name='Agreement'),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seats', models.JSONField(default=list)),
                ('item', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.item')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='people.person')),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='conversations.groundrules')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rules', 'person'), name='one_answer_to_ground_rules')],
            },
        ),
    ]
