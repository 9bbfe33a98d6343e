"""Accounts at ad platforms, their linked and found campaigns, how each exchange goes, silence."""

import budgets.models.brand
import budgets.models.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0017_brand_of_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountExchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('spend', 'spend'), ('status', 'stops and starts'), ('campaigns', 'campaigns there')], max_length=10)),
                ('ok_at', models.DateTimeField(null=True, verbose_name='last success')),
                ('failures', models.PositiveIntegerField(db_default=0, default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('failure', models.CharField(blank=True, choices=[('', 'none'), ('temporary', 'the platform does not answer as it should'), ('credentials', 'the credentials are refused'), ('permanent', 'the platform refuses'), ('limited', 'too many calls')], db_default='', default='', max_length=12)),
                ('error', models.TextField(blank=True, db_default='', default='')),
                ('retry_at', models.DateTimeField(null=True)),
                ('refused', models.PositiveIntegerField(db_default=0, default=0)),
                ('refusal', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'ordering': ['account', 'direction'],
            },
        ),
        migrations.CreateModel(
            name='FoundCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=100, verbose_name='ID at the platform')),
                ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                ('status', models.CharField(max_length=10, verbose_name='status')),
                ('spent', budgets.models.fields.MoneyField(db_column='spent_micros')),
                ('is_left_out', models.BooleanField(db_default=False, default=False, verbose_name='left out')),
            ],
            options={
                'ordering': ['account', 'name', 'external_id'],
            },
        ),
        migrations.CreateModel(
            name='LinkedCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(help_text="The campaign's own number, as the platform shows it.", max_length=100, verbose_name='ID at the platform')),
                ('wanted', models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='wanted')),
                ('wanted_at', models.DateTimeField(editable=False, null=True)),
                ('sent', models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='sent')),
                ('sent_at', models.DateTimeField(editable=False, null=True)),
                ('confirmed', models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='confirmed')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                ('seen', models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='seen there')),
                ('seen_at', models.DateTimeField(editable=False, null=True)),
                ('attempts', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('next_try_at', models.DateTimeField(editable=False, null=True)),
                ('is_given_up', models.BooleanField(db_default=False, default=False, editable=False)),
                ('error', models.CharField(blank=True, db_default='', default='', editable=False, max_length=500)),
            ],
            options={
                'verbose_name': 'linked campaign',
                'verbose_name_plural': 'linked campaigns',
                'ordering': ['account', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlatformAccount',
            fields=[
                ('source_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='budgets.source')),
                ('connector', models.CharField(max_length=30, verbose_name='platform')),
                ('external_id', models.CharField(help_text="The account's own number at the platform, as it is shown there.", max_length=100, verbose_name='account ID')),
                ('currency', models.CharField(help_text="The account's; it must be the brand's, as nothing is converted.", max_length=3, validators=[budgets.models.brand.validate_currency], verbose_name='currency')),
                ('sealed_credentials', models.TextField(db_default='', default='', editable=False)),
                ('is_on', models.BooleanField(db_default=True, default=True, help_text='Off: spend is not read, and the platform is told nothing.', verbose_name='on')),
                ('reads_from', models.DateField(help_text='Spend of earlier days comes from elsewhere, such as files; it is not read here.', verbose_name='first day to read')),
                ('overlap_days', models.PositiveSmallIntegerField(db_default=3, default=3, help_text='Platforms correct what they reported for so many days.', verbose_name='days read again')),
                ('read_until', models.DateTimeField(editable=False, null=True, verbose_name='read until')),
                ('outside', models.CharField(choices=[('respect', 'Respect: hold it here until a person lifts the hold'), ('report', 'Report: say so, and start it no more until a person asks for it'), ('enforce', 'Enforce: start it again, and say so')], db_default='respect', default='respect', help_text='When somebody pauses a campaign on the platform itself.', max_length=10, verbose_name='what people do there')),
                ('listed_at', models.DateTimeField(editable=False, null=True, verbose_name='campaigns listed')),
                ('silent_since', models.DateTimeField(editable=False, null=True, verbose_name='silent since')),
                ('calls_minute', models.DateTimeField(editable=False, null=True)),
                ('calls', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'verbose_name': 'platform account',
                'verbose_name_plural': 'platform accounts',
                'ordering': ['brand', 'name'],
            },
            bases=('budgets.source',),
        ),
        migrations.RemoveIndex(
            model_name='change',
            name='change_awaits_delivery',
        ),
        migrations.RemoveField(
            model_name='change',
            name='awaits_delivery',
        ),
        migrations.AddField(
            model_name='brand',
            name='pauses_when_silent',
            field=models.BooleanField(db_default=False, default=False, help_text='Then also pause its campaigns: nobody knows what they spend.', verbose_name='pause when silent'),
        ),
        migrations.AddField(
            model_name='brand',
            name='silent_after_minutes',
            field=models.PositiveIntegerField(blank=True, db_default=60, default=60, help_text="Warn when a platform's spend could not be read for so long. Empty: never.", null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='silent after minutes'),
        ),
        migrations.AddField(
            model_name='historicalbrand',
            name='pauses_when_silent',
            field=models.BooleanField(db_default=False, default=False, help_text='Then also pause its campaigns: nobody knows what they spend.', verbose_name='pause when silent'),
        ),
        migrations.AddField(
            model_name='historicalbrand',
            name='silent_after_minutes',
            field=models.PositiveIntegerField(blank=True, db_default=60, default=60, help_text="Warn when a platform's spend could not be read for so long. Empty: never.", null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='silent after minutes'),
        ),
        migrations.AlterField(
            model_name='change',
            name='confirmed_at',
            field=models.DateTimeField(null=True, verbose_name='confirmed by every platform at'),
        ),
        migrations.AddField(
            model_name='linkedcampaign',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='budgets.campaign', verbose_name='campaign'),
        ),
        migrations.AddField(
            model_name='linkedcampaign',
            name='change',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='budgets.change'),
        ),
        migrations.AddConstraint(
            model_name='platformaccount',
            constraint=models.CheckConstraint(condition=models.Q(('overlap_days__lte', 90)), name='days_read_again_are_bounded', violation_error_message='Read 90 days again at the most.'),
        ),
        migrations.AddField(
            model_name='linkedcampaign',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='campaigns', to='budgets.platformaccount', verbose_name='platform account'),
        ),
        migrations.AddField(
            model_name='foundcampaign',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='found', to='budgets.platformaccount'),
        ),
        migrations.AddField(
            model_name='accountexchange',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exchanges', to='budgets.platformaccount'),
        ),
        migrations.AddIndex(
            model_name='linkedcampaign',
            index=models.Index(condition=models.Q(models.Q(('confirmed', models.F('wanted')), _negated=True), models.Q(('sent', ''), _negated=True), _connector='OR'), fields=['account', 'id'], name='link_unsettled'),
        ),
        migrations.AddConstraint(
            model_name='linkedcampaign',
            constraint=models.UniqueConstraint(fields=('account', 'external_id'), name='a_campaign_of_a_platform_is_linked_once', violation_error_message='This campaign of the account is linked already.'),
        ),
        migrations.AddConstraint(
            model_name='foundcampaign',
            constraint=models.UniqueConstraint(fields=('account', 'external_id'), name='a_campaign_of_an_account_is_found_once'),
        ),
        migrations.AddConstraint(
            model_name='accountexchange',
            constraint=models.UniqueConstraint(fields=('account', 'direction'), name='an_account_has_one_exchange_of_a_kind'),
        ),
    ]
