using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>What the views show, by PowerShell's own formatting: at each width nothing is dropped, cut, or taken apart.</summary>
public sealed class FormatTests : IClassFixture<ModuleSession>
{
    private static readonly XDocument Format = XDocument.Load(Path.Combine(Project.Folder, "module/HaloDBIntegrator.Format.ps1xml"));
    private const string Long = "2198 of 2200 records are missing at the vendor, more than Sync.MaxDeactivatePercent (20 %): none was deactivated.";
    private readonly ModuleSession module;
    private readonly Assembly models;

    public FormatTests(ModuleSession module)
    {
        this.module = module;
        models = ((CmdletInfo)module.Run("Get-Command Get-HaloSyncRun")[0].BaseObject).ImplementingType.Assembly;
        using var shell = module.Shell("Import-Module -Assembly $args[0]");
        shell.AddArgument(typeof(Microsoft.PowerShell.Commands.OutStringCommand).Assembly).Invoke();
    }

    public static TheoryData<int> Widths => [80, 120, 200];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Results_show_every_count_and_why_to_look(int width)
    {
        var result = Made("HaloSyncResult", ("Integration", "Pax8"), ("Entity", "Subscriptions"), ("Status", "succeeded"), ("Read", 1234567L), ("Created", 1L), ("Updated", 22L),
            ("Unchanged", 333L), ("Deactivated", 4444L), ("Rejected", 184L), ("Duration", TimeSpan.FromSeconds(1.25)), ("Reason", Long));
        var shown = Shown(width, result);
        Has(shown, "Entity", "Read", "Created", "Updated", "Unchanged", "Deactivated", "Rejected", "Pax8 Subscriptions", "1234567", "22", "333", "4444", "184", "succeeded in 1.", Long);
        var failed = Made("HaloSyncResult", ("Integration", "Pax8"), ("Entity", "Products"), ("Status", "failed"), ("Duration", TimeSpan.FromSeconds(3725.4)));
        Has(Shown(width, failed), "failed in 01:02:05");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_plan_shows_every_count_and_why_it_is_not_whole(int width)
    {
        var plan = Made("HaloSyncPlan", ("Integration", "ActiveDirectory"), ("Entity", "Users"), ("Read", 7L), ("WouldCreate", 11L), ("WouldUpdate", 12L), ("WouldDeactivate", 13L), ("Unchanged", 14L), ("Rejected", 15L), ("Reason", Long));
        Has(Shown(width, plan), "ActiveDirectory Users", "Create", "Update", "Deactivate", "Unchanged", "Rejected", "11", "12", "13", "14", "15", Long);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_planned_change_shows_its_row_each_field_and_why(int width)
    {
        var field = Made("HaloFieldChange", ("Field", "inactive"), ("Before", false), ("After", true));
        var fields = Array.CreateInstance(field.GetType(), 2);
        fields.SetValue(field, 0);
        fields.SetValue(Made("HaloFieldChange", ("Field", "count"), ("After", 7L)), 1);
        var change = Made("HaloPlannedChange", ("Action", "deactivate"), ("Integration", "Pax8"), ("Entity", "Subscriptions"), ("Table", "Licence"), ("Id", "4711"), ("Name", "Microsoft 365"), ("Fields", fields), ("Reason", Long));
        Has(Shown(width, change), "Action", "Entity", "Table", "Id", "Name", "deactivate Pax8 Subscriptions", "Licence", "4711", "Microsoft 365", "inactive: False -> True", "count=7", Long);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Switches_show_both_and_the_reason(int width)
    {
        var state = Made("HaloIntegrationState", ("Integration", "IncomingMail"), ("Entity", "Messages"), ("Connection", "A connection with a long name"), ("EnabledInHalo", (bool?)true), ("EnabledHere", false),
            ("Reason", "The entity is off in this appsettings.json: Integrations.IncomingMail.Entities.Messages."), ("AlsoEnabledIn", new[] { @"C:\Halo\5min", @"C:\Halo\daily" }));
        Has(Shown(width, state), "IncomingMail Messages", "A connection", "EnabledInHalo", "EnabledHere", "WillRun", "Integrations.IncomingMail.Entities.Messages.", @"Also on in C:\Halo\5min, C:\Halo\daily.");
        Assert.DoesNotContain("Also on", string.Join("\n", Shown(width, Made("HaloIntegrationState", ("Integration", "Pax8"), ("Entity", "Products")))));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Checks_show_what_was_found_and_the_fix(int width)
    {
        var detail = $"/{new string('x', 90)}/appsettings.json has a fault:\n  Sync is a text. Fix: give an object.";
        var shown = Shown(width, Made("HaloConfigCheck", ("Name", "Settings"), ("Detail", detail), ("Fix", "Correct the lines named; docs/settings.md lists every key.")));
        Has(shown, "False Settings", "Sync is a text. Fix: give an object.", "Fix: Correct the lines named; docs/settings.md lists every key.");
        Assert.Contains(new string('x', 90), string.Concat(shown.Select(line => line.Trim())));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Runs_show_each_entity_and_its_reason(int width)
    {
        var entity = Made("HaloSyncResult", ("Integration", "Pax8"), ("Entity", "Subscriptions"), ("Status", "succeeded"), ("Read", 9L), ("Deactivated", 3L), ("Reason", Long));
        var entities = Array.CreateInstance(entity.GetType(), 2);
        entities.SetValue(entity, 0);
        entities.SetValue(Made("HaloSyncResult", ("Integration", "Pax8"), ("Entity", "Products"), ("Status", "failed")), 1);
        var run = Made("HaloSyncRun", ("Id", "0123456789abcdef"), ("State", "ended"), ("WhatIf", true), ("Started", new DateTime(2026, 11, 24, 8, 5, 3)), ("Duration", new TimeSpan(1, 2, 3, 4, 600)), ("ExitCode", (int?)5), ("Entities", entities));
        Has(Shown(width, run), "01234567 2026-11-24 08:05:03 1.02:03:04", "ended (what if)", "ExitCode", "5", "Pax8 Subscriptions: succeeded, 9 read, 0 created, 0 updated, 3 deactivated.", Long, "Pax8 Products: failed");
        Has(Shown(width, Made("HaloSyncRun", ("Id", "a"), ("State", "running"), ("StopRequested", true), ("Error", "The sync was cancelled."))), "running (stopping)", "The sync was cancelled.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void What_was_changed_and_undone_shows_its_fields_and_why(int width)
    {
        var field = Made("HaloFieldChange", ("Field", "notes"), ("Before", new string('x', 100)), ("After", Long));
        var fields = Array.CreateInstance(field.GetType(), 1);
        fields.SetValue(field, 0);
        (string, object)[] row = [("Integration", "Pax8"), ("Entity", "Subscriptions"), ("Table", "Licence"), ("Id", "4711"), ("Name", "Microsoft 365"), ("Fields", fields)];
        Has(Shown(width, Made("HaloSyncChange", [.. row, ("Action", "deactivated"), ("Certain", true)])), "deactivated Pax8 Subscriptions Licence 4711 Microsoft 365", Long);
        Has(Shown(width, Made("HaloSyncChange", [.. row, ("Action", "updated")])), "may be in Halo or not");
        Has(Shown(width, Made("HaloSyncUndo", [.. row, ("Outcome", "left alone"), ("Reason", "somebody changed notes since")])), "left alone Pax8 Subscriptions", Long, "somebody changed notes since");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Instances_show_what_is_on_in_each(int width)
    {
        var many = Enumerable.Range(1, 12).Select(number => $"Pax8 Entity{number}").ToArray();
        Has(Shown(width, Made("HaloSyncInstance", ("Folder", @"C:\Halo\hourly"), ("Frequency", "hourly"), ("TimeLimitMinutes", 54), ("Server", @"sql01\HALO"), ("Database", "Halo"), ("EntitiesOn", many), ("IsDefault", true))),
            @"C:\Halo\hourly", @"Runs hourly, for 54 minutes at most; Halo on sql01\HALO", $"On: {string.Join(", ", many)}", "the session's default");
        Has(Shown(width, Made("HaloSyncInstance", ("Folder", @"C:\Halo\other"), ("Problem", Long))), "Runs whenever it is started", Long);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lines_of_the_log_show_what_belongs_to_them(int width)
    {
        var line = Made("HaloSyncLogLine", ("Time", (DateTime?)new DateTime(2026, 11, 24, 8, 5, 3)), ("Level", "warn"), ("Message", "Record rejected"), ("Text", "Pax8 Contacts: Record rejected \"Ann\": there is no client for the company of this contact, which has to come first."));
        Has(Shown(width, line), "2026-11-24 08:05:03 warn  Pax8 Contacts: Record rejected \"Ann\": there is no client for the company of this contact, which has to come first.");
        Has(Shown(width, Made("HaloSyncLogLine", ("Level", "warn"), ("Message", "half a li"))), "warn  half a li");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Tasks_show_when_they_run_and_what_no_longer_fits(int width)
    {
        var task = Made("HaloSyncTask", ("Name", "5min"), ("State", "Ready"), ("Schedule", "every 5 minutes from 2026-11-24T00:00:00"), ("Account", "SYSTEM"), ("LastOutcome", "done"), ("NextRun", (DateTime?)new DateTime(2026, 11, 24, 8, 5, 0)), ("Drift", new[] { "it runs every 10 minutes", "its account is LOCAL SERVICE" }));
        Has(Shown(width, task), "5min", "Ready", "NextRun", "2026-11-24 08:05:00", "Starts every 5 minutes from 2026-11-24T00:00:00, as SYSTEM. Last result: done.", "No longer fits: it runs every 10 minutes", "No longer fits: its account is LOCAL SERVICE");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rejected_records_say_how_much_of_the_list_they_are(int width)
    {
        var record = Made("HaloRejectedRecord", ("Record", "Ann"), ("Reason", "no client"), ("List", "Pax8 Contacts: 184 rejected, of which these are the first 100; more are in the log: Get-HaloSyncLog -Run 01234567 -Level warn -Tail 0"));
        var shown = Shown(width, record, record);
        Has(shown, "184 rejected, of which these are the first 100", "Ann: no client");
        Assert.Single(shown, line => line.Contains("Pax8 Contacts"));
    }

    [Fact]
    public void Every_view_is_of_a_type_and_names_properties_it_has()
    {
        foreach (var view in Format.Descendants("View"))
        {
            var type = models.GetType(view.Descendants("TypeName").Single().Value, throwOnError: true)!;
            Assert.All(view.Descendants("PropertyName"), property => Assert.NotNull(type.GetProperty(property.Value)));
            var used = view.Descendants("ScriptBlock").SelectMany(block => System.Text.RegularExpressions.Regex.Matches(block.Value, @"\$_\.(\w+)")).Select(match => match.Groups[1].Value);
            Assert.All(used, name => Assert.NotNull(type.GetProperty(name)));
        }
    }

    [Fact]
    public void Every_table_fits_80_columns()
    {
        foreach (var label in Format.Descendants("Label")) Assert.InRange(label.Value.Length, 1, 79);
    }

    private object Made(string type, params (string Name, object Value)[] values)
    {
        var made = Activator.CreateInstance(models.GetType($"HaloDBIntegrator.Models.{type}", throwOnError: true)!)!;
        foreach (var (name, value) in values) made.GetType().GetProperty(name)!.SetValue(made, value);
        return made;
    }

    private string[] Shown(int width, params object[] objects)
    {
        using var shell = module.Shell("param($objects, $width) $objects | Out-String -Width $width");
        var text = (string)Assert.Single(shell.AddArgument(objects).AddArgument(width).Invoke()).BaseObject;
        Assert.Empty(shell.Streams.Error);
        var lines = text.Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 79));
        Assert.DoesNotContain(lines, line => line.Contains('…'));
        return lines;
    }

    /// <summary>Whether the texts stand there, words whole, be it over several lines.</summary>
    private static void Has(IEnumerable lines, params string[] texts)
    {
        var whole = System.Text.RegularExpressions.Regex.Replace(string.Join(" ", lines.Cast<string>()), @"\s+", " ");
        Assert.All(texts, text => Assert.Contains(System.Text.RegularExpressions.Regex.Replace(text, @"\s+", " "), whole));
    }
}
