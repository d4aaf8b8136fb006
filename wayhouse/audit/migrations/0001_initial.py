import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLeaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=64)),
                ('actor_tag', models.BinaryField(max_length=16, null=True)),
                ('object_tag', models.BinaryField(max_length=16, null=True)),
                ('detail_commit', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32)),
                ('subtrees', models.BinaryField(default=b'')),
            ],
            options={
                'db_table': 'audit_leaf',
            },
        ),
        migrations.CreateModel(
            name='TreeHead',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('day', models.DateField()),
                ('note', models.TextField()),
            ],
            options={
                'db_table': 'audit_head',
                'get_latest_by': 'size',
            },
        ),
        migrations.CreateModel(
            name='AuditDetail',
            fields=[
                ('leaf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='opened', serialize=False, to='audit.auditleaf')),
                ('salt', models.BinaryField(max_length=16)),
                ('detail', models.TextField()),
            ],
            options={
                'db_table': 'audit_detail',
            },
        ),
        migrations.CreateModel(
            name='AuditState',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(default=0)),
                ('frontier', models.BinaryField(default=b'')),
            ],
            options={
                'db_table': 'audit_state',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_state_one_row')],
            },
        ),
    ]
