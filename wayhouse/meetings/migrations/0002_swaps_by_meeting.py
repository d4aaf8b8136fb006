"""A swap belongs to a meeting and to whoever asked, so that it outlives the shift that is handed over."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('meetings', '0001_initial'),
    ]

    operations = [
        migrations.DeleteModel(name='Swap'),
        migrations.CreateModel(
            name='Swap',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('agreed', 'agreed'), ('declined', 'declined'), ('withdrawn', 'taken back')], default='asked', max_length=10)),
                ('asked_on', models.DateField(auto_now_add=True)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps_asked', to='people.person')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps', to='meetings.meeting')),
                ('taker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='swaps_taken', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('meeting', 'asker'), name='one_open_swap_for_a_shift')],
            },
        ),
    ]
