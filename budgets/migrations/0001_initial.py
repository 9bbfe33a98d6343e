"""Every table, as `makemigrations` writes it."""

import budgets.models.brand
import budgets.models.feed_numbering
import budgets.models.fields
import budgets.models.schedule
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name='task')),
                ('at', models.DateTimeField(verbose_name='last run')),
                ('result', models.BigIntegerField(default=0, verbose_name='result')),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('currency', models.CharField(db_default='USD', default='USD', help_text='ISO 4217 code. Fixed once money was spent.', max_length=3, validators=[budgets.models.brand.validate_currency], verbose_name='currency')),
                ('timezone', models.CharField(db_default='UTC', default='UTC', help_text='Days, months, flights and schedules of this brand follow this clock.', max_length=64, validators=[budgets.models.brand.validate_zone], verbose_name='time zone')),
                ('daily_budget', budgets.models.fields.BudgetField(blank=True, db_column='daily_budget_micros', help_text='Most that all campaigns together spend a day. Empty: no limit. 0: nothing.', null=True, verbose_name='daily budget')),
                ('monthly_budget', budgets.models.fields.BudgetField(blank=True, db_column='monthly_budget_micros', help_text='Most that all campaigns together spend a calendar month.', null=True, verbose_name='monthly budget')),
                ('is_held', models.BooleanField(db_default=False, default=False, help_text='Stops every campaign until a person lifts the hold.', verbose_name='on hold')),
                ('closed_day', models.DateField(editable=False, help_text='The last local day whose figures are closed.', null=True, verbose_name='last day closed')),
                ('closed_month', models.DateField(editable=False, help_text='The first day of the last local month whose figures are closed.', null=True, verbose_name='last month closed')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'brand',
                'verbose_name_plural': 'brands',
                'ordering': ['name', 'id'],
                'indexes': [models.Index(fields=['name', 'id'], name='brand_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('daily_budget__gte', 0)), name='brand_daily_budget_is_not_negative'), models.CheckConstraint(condition=models.Q(('monthly_budget__gte', 0)), name='brand_monthly_budget_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='FoldedKey',
            fields=[
                ('name', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('payload', models.BinaryField(max_length=16)),
                ('recorded_on', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['recorded_on'], name='folded_key_oldest_first')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalBrand',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('trigger', models.CharField(db_default='edit', default='edit', max_length=10, verbose_name='trigger')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('currency', models.CharField(db_default='USD', default='USD', help_text='ISO 4217 code. Fixed once money was spent.', max_length=3, validators=[budgets.models.brand.validate_currency], verbose_name='currency')),
                ('timezone', models.CharField(db_default='UTC', default='UTC', help_text='Days, months, flights and schedules of this brand follow this clock.', max_length=64, validators=[budgets.models.brand.validate_zone], verbose_name='time zone')),
                ('daily_budget', budgets.models.fields.BudgetField(blank=True, db_column='daily_budget_micros', help_text='Most that all campaigns together spend a day. Empty: no limit. 0: nothing.', null=True, verbose_name='daily budget')),
                ('monthly_budget', budgets.models.fields.BudgetField(blank=True, db_column='monthly_budget_micros', help_text='Most that all campaigns together spend a calendar month.', null=True, verbose_name='monthly budget')),
                ('is_held', models.BooleanField(db_default=False, default=False, help_text='Stops every campaign until a person lifts the hold.', verbose_name='on hold')),
                ('history_change_reason', models.TextField(db_default='', default='', verbose_name='note')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical brand',
                'verbose_name_plural': 'historical brands',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSchedule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('trigger', models.CharField(db_default='edit', default='edit', max_length=10, verbose_name='trigger')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('hours', models.TextField(help_text='For example “Mon-Fri 09:00-17:30; Sat 22:00-02:00”. Quarter hours; an end at or before the start runs past midnight.', validators=[budgets.models.schedule.validate_hours], verbose_name='hours')),
                ('history_change_reason', models.TextField(db_default='', default='', verbose_name='note')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical schedule',
                'verbose_name_plural': 'historical schedules',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ImportedBatch',
            fields=[
                ('fingerprint', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['recorded_at'], name='imported_batch_oldest_first')],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('hours', models.TextField(help_text='For example “Mon-Fri 09:00-17:30; Sat 22:00-02:00”. Quarter hours; an end at or before the start runs past midnight.', validators=[budgets.models.schedule.validate_hours], verbose_name='hours')),
                ('week', budgets.models.schedule.WeekField(db_default=b'')),
                ('hours_read', budgets.models.schedule.HoursReadField(db_default='', editable=False)),
            ],
            options={
                'verbose_name': 'schedule',
                'verbose_name_plural': 'schedules',
                'ordering': ['name', 'id'],
                'indexes': [models.Index(condition=models.Q(('hours', models.F('hours_read')), _negated=True), fields=['id'], name='schedule_hours_to_read')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCampaign',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('trigger', models.CharField(db_default='edit', default='edit', max_length=10, verbose_name='trigger')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('external_id', models.CharField(blank=True, help_text='Your own reference, unique within the brand; programs can use it.', max_length=200, null=True, verbose_name='external ID')),
                ('daily_budget', budgets.models.fields.BudgetField(blank=True, db_column='daily_budget_micros', help_text="In the brand's currency. Empty: no limit of its own. 0: spend nothing.", null=True, verbose_name='daily budget')),
                ('monthly_budget', budgets.models.fields.BudgetField(blank=True, db_column='monthly_budget_micros', null=True, verbose_name='monthly budget')),
                ('starts_on', models.DateField(blank=True, help_text='Local day, included.', null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, help_text='Local day, included.', null=True, verbose_name='last day')),
                ('is_held', models.BooleanField(db_default=False, default=False, help_text='Stops the campaign until a person lifts the hold.', verbose_name='on hold')),
                ('history_change_reason', models.TextField(db_default='', default='', verbose_name='note')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('brand', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='budgets.brand', verbose_name='brand')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('schedule', models.ForeignKey(blank=True, db_constraint=False, help_text='Hours in which it may run. Empty: always.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='budgets.schedule', verbose_name='schedule')),
            ],
            options={
                'verbose_name': 'historical campaign',
                'verbose_name_plural': 'historical campaigns',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                # Numbers before texts: a check reads the numbers of every campaign.
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='budgets.brand', verbose_name='brand')),
                ('reasons', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ('is_held', models.BooleanField(db_default=False, default=False, help_text='Stops the campaign until a person lifts the hold.', verbose_name='on hold')),
                ('day_spent', budgets.models.fields.MoneyField(db_column='day_spent_micros', db_default=models.Value(0), default=0, editable=False)),
                ('month_spent', budgets.models.fields.MoneyField(db_column='month_spent_micros', db_default=models.Value(0), default=0, editable=False)),
                ('day', models.DateField(editable=False, null=True)),
                ('month', models.DateField(editable=False, null=True)),
                ('schedule', models.ForeignKey(blank=True, help_text='Hours in which it may run. Empty: always.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='budgets.schedule', verbose_name='schedule')),
                ('daily_budget', budgets.models.fields.BudgetField(blank=True, db_column='daily_budget_micros', help_text="In the brand's currency. Empty: no limit of its own. 0: spend nothing.", null=True, verbose_name='daily budget')),
                ('monthly_budget', budgets.models.fields.BudgetField(blank=True, db_column='monthly_budget_micros', null=True, verbose_name='monthly budget')),
                ('starts_on', models.DateField(blank=True, help_text='Local day, included.', null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, help_text='Local day, included.', null=True, verbose_name='last day')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('external_id', models.CharField(blank=True, help_text='Your own reference, unique within the brand; programs can use it.', max_length=200, null=True, verbose_name='external ID')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='BrandAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('all_brands', models.BooleanField(default=False, help_text='Also those that are added later.', verbose_name='all brands')),
                ('brands', models.ManyToManyField(blank=True, help_text='The brands it is limited to, unless it is for all.', related_name='+', to='budgets.brand', verbose_name='brands')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brand_access', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('own_schedules', models.ManyToManyField(blank=True, editable=False, related_name='+', to='budgets.schedule')),
            ],
            options={
                'verbose_name': 'brand access',
                'verbose_name_plural': 'brand access',
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('all_brands', models.BooleanField(default=False, help_text='Also those that are added later.', verbose_name='all brands')),
                ('name', models.CharField(help_text='The program that uses it. Stands in the history.', max_length=100, verbose_name='name')),
                ('prefix', models.CharField(editable=False, max_length=16, unique=True, verbose_name='prefix')),
                ('token_hash', models.CharField(editable=False, max_length=64)),
                ('may_read', models.BooleanField(default=True, help_text='Brands, campaigns, schedules, changes.', verbose_name='may read')),
                ('may_spend', models.BooleanField(default=False, help_text='Send spend entries and day totals.', verbose_name='may report spend')),
                ('may_manage', models.BooleanField(default=False, help_text='Create, edit, hold and release.', verbose_name='may manage')),
                ('requests_per_minute', models.PositiveIntegerField(default=600, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='requests a minute')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('expires_at', models.DateTimeField(blank=True, help_text='Empty: works until it is revoked.', null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked at')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used at')),
                ('created_by', models.ForeignKey(editable=False, help_text="What the program does is recorded under this person's name.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('brands', models.ManyToManyField(blank=True, help_text='The brands it is limited to, unless it is for all.', related_name='+', to='budgets.brand', verbose_name='brands')),
                ('own_schedules', models.ManyToManyField(blank=True, editable=False, related_name='+', to='budgets.schedule')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Spend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='local day')),
                ('amount', budgets.models.fields.MoneyField(db_column='amount_micros', verbose_name='amount')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='spend_days', to='budgets.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'spend',
                'verbose_name_plural': 'spend',
                'ordering': ['-day', 'campaign_id'],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(choices=[('day', 'day'), ('month', 'month')], max_length=5, verbose_name='period')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('budget', budgets.models.fields.MoneyField(db_column='budget_micros', null=True, verbose_name='budget in force')),
                ('spent_at_close', budgets.models.fields.MoneyField(db_column='spent_at_close_micros', verbose_name='spent at close')),
                ('spent', budgets.models.fields.MoneyField(db_column='spent_micros', verbose_name='spent')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('restated_at', models.DateTimeField(null=True, verbose_name='restated at')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='budgets.brand', verbose_name='brand')),
                ('campaign', models.ForeignKey(db_index=False, help_text='Empty: the whole brand.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='budgets.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'statement',
                'verbose_name_plural': 'statements',
                'ordering': ['-starts_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('before', models.PositiveSmallIntegerField(verbose_name='reasons before')),
                ('after', models.PositiveSmallIntegerField(verbose_name='reasons after')),
                ('trigger', models.CharField(choices=[('spend', 'spend came in'), ('tick', 'scheduled check'), ('edit', 'an edit'), ('hold', 'a person held it'), ('release', 'a person released it'), ('period', 'a day or month ended'), ('command', 'a command')], max_length=10, verbose_name='trigger')),
                ('note', models.CharField(blank=True, db_default='', max_length=500, verbose_name='note')),
                ('day_spent', budgets.models.fields.MoneyField(db_column='day_spent_micros', null=True)),
                ('daily_budget', budgets.models.fields.MoneyField(db_column='daily_budget_micros', null=True)),
                ('month_spent', budgets.models.fields.MoneyField(db_column='month_spent_micros', null=True)),
                ('monthly_budget', budgets.models.fields.MoneyField(db_column='monthly_budget_micros', null=True)),
                ('brand_day_spent', budgets.models.fields.MoneyField(db_column='brand_day_spent_micros', null=True)),
                ('brand_daily_budget', budgets.models.fields.MoneyField(db_column='brand_daily_budget_micros', null=True)),
                ('brand_month_spent', budgets.models.fields.MoneyField(db_column='brand_month_spent_micros', null=True)),
                ('brand_monthly_budget', budgets.models.fields.MoneyField(db_column='brand_monthly_budget_micros', null=True)),
                ('awaits_delivery', models.BooleanField(db_default=False, default=False)),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed by the platform at')),
                ('transaction', models.BigIntegerField(db_default=budgets.models.feed_numbering.TransactionNumber(), editable=False)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='budgets.campaign')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['campaign', '-id'], name='change_of_campaign_newest'), models.Index(fields=['transaction', 'id'], name='change_feed'), models.Index(condition=models.Q(('awaits_delivery', True)), fields=['id'], name='change_awaits_delivery')],
                'constraints': [models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='a_change_changes_something')],
            },
        ),
        migrations.CreateModel(
            name='GivenAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('request_hash', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('body', models.TextField(default='')),
                ('location', models.CharField(default='', max_length=200)),
                ('created_at', models.DateTimeField()),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='given_answers', to='budgets.apikey')),
            ],
            options={
                'verbose_name': 'given answer',
                'verbose_name_plural': 'given answers',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['created_at'], name='given_answer_by_age')],
                'constraints': [models.UniqueConstraint(models.F('api_key'), models.F('name'), name='an_answer_is_given_once_a_key_and_idempotency_name')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=50, verbose_name='source')),
                ('key', models.CharField(max_length=200, verbose_name='key')),
                ('occurred_at', models.DateTimeField(verbose_name='occurred at')),
                ('day', models.DateField(verbose_name='local day')),
                ('amount', budgets.models.fields.MoneyField(db_column='amount_micros', verbose_name='amount')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budgets.campaign')),
            ],
            options={
                'verbose_name': 'spend entry',
                'verbose_name_plural': 'spend entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['campaign', 'day'], name='entry_of_campaign_and_day')],
                'constraints': [models.UniqueConstraint(models.F('source'), models.F('key'), name='an_entry_counts_once_a_source_and_key')],
            },
        ),
        migrations.CreateModel(
            name='ReportedTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=50)),
                ('day', models.DateField()),
                ('total', budgets.models.fields.MoneyField(db_column='total_micros')),
                ('as_of', models.DateTimeField()),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgets.campaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('campaign'), models.F('day'), models.F('source'), name='a_source_has_one_total_a_campaign_and_day')],
            },
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(fields=['brand', 'id'], name='campaign_of_brand'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on'], name='campaign_flight_end'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(models.F('brand'), models.F('external_id'), name='campaign_external_id_is_unique_within_its_brand'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('daily_budget__gte', 0)), name='campaign_daily_budget_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('monthly_budget__gte', 0)), name='campaign_monthly_budget_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('day_spent__gte', Decimal('-100000000000')), ('day_spent__lte', Decimal('100000000000')), ('month_spent__gte', Decimal('-100000000000')), ('month_spent__lte', Decimal('100000000000'))), name='campaign_totals_are_within_the_ledger'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='campaign_flight_does_not_end_before_it_starts', violation_error_message='The flight ends before it starts.'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('may_read', True), ('may_spend', True), ('may_manage', True), _connector='OR'), name='an_api_key_may_do_something', violation_error_message='Tick at least one thing that the key may do.'),
        ),
        migrations.AddIndex(
            model_name='spend',
            index=models.Index(fields=['-day', 'campaign'], name='spend_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='spend',
            constraint=models.UniqueConstraint(models.F('campaign'), models.F('day'), name='spend_is_one_row_a_campaign_and_day'),
        ),
        migrations.AddConstraint(
            model_name='spend',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', Decimal('-100000000000')), ('amount__lte', Decimal('100000000000'))), name='spend_is_within_the_ledger'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['-starts_on', '-id'], name='statement_newest_first'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['brand', '-starts_on', '-id'], name='statement_of_brand_newest'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('campaign__isnull', True)), fields=('brand', 'period', 'starts_on'), name='a_brand_has_one_statement_a_period'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('campaign__isnull', False)), fields=('campaign', 'period', 'starts_on'), name='a_campaign_has_one_statement_a_period'),
        ),
    ]
