using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Scheduling;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Makes or updates the scheduled tasks of instances; one that is as it should be is left alone.</summary>
/// <remarks>
/// What was registered is noted in Windows' Event Log, so that a task under any account can leave its last words there. An instance on a
/// network or substituted drive letter is refused: its UNC path or a local folder is to be named.
/// </remarks>
/// <example>
/// <code>Register-HaloSyncTask C:\HaloIntegrator -Account 'CORP\halo$'</code>
/// <para>Registers a task for each frequency folder in it, under a group managed service account.</para>
/// </example>
/// <example>
/// <code>Register-HaloSyncTask C:\HaloIntegrator\daily -At 03:00 -Credential (Get-Credential)</code>
/// <para>Registers a daily task under a service account.</para>
/// </example>
/// <example>
/// <code>Register-HaloSyncTask 'C:\HaloIntegrator\5min' -AsXml &gt; 5min.xml</code>
/// <para>Writes the task as XML, on any system.</para>
/// </example>
/// <seealso>Get-HaloSyncTask</seealso>
/// <seealso>Unregister-HaloSyncTask</seealso>
/// <seealso>Start-HaloSyncTask</seealso>
/// <seealso>New-HaloSyncInstance</seealso>
/// <seealso>about_Halo_Scheduling</seealso>
[Cmdlet(VerbsLifecycle.Register, "HaloSyncTask", SupportsShouldProcess = true)]
[OutputType(typeof(HaloSyncTask), typeof(string))]
public sealed class RegisterHaloSyncTaskCommand : HaloTaskCmdlet
{
    private readonly List<string> registered = new();

    /// <summary>The folder of an instance, or one that holds instances; -ConfigPath, given with it or alone, means one instance and no other.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Folder", "FullName")]
    public string[]? Path { get; set; }

    /// <summary>How often: 5min, hourly, 2h, daily, weekly …; the folder's name when left out.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FrequencyCompleter))]
    public string? Every { get; set; }

    /// <summary>Time of day of a daily or weekly task, such as 03:00.</summary>
    [Parameter]
    public string? At { get; set; }

    /// <summary>Name of the task; the folder's when left out.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>SYSTEM (when left out), LOCAL SERVICE, NETWORK SERVICE, or a gMSA: DOMAIN\name$.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TaskAccountCompleter))]
    public string? Account { get; set; }

    /// <summary>A service account with its password, which goes to the Task Scheduler alone.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Run through Invoke-HaloSync -Auto in PowerShell, which can open vaults. Left out, a task stays as it is, and a new one does where its settings have such a secret.</summary>
    [Parameter]
    public SwitchParameter ViaPowerShell { get; set; }

    /// <summary>Gives the XML of the tasks and registers nothing; works on any system.</summary>
    [Parameter]
    public SwitchParameter AsXml { get; set; }

    /// <summary>Gives the tasks as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Attempt(Plan, Path?[0] ?? ConfigPath);

    private void Plan()
    {
        var parameters = Parameters();
        if (!AsXml) parameters["registered"] = new JArray(Scheduled().Select(RunReading.Registered));
        var planned = Reading.Objects(Ask("task-plan", parameters, Path?[0] ?? ConfigPath), "tasks").ToArray();
        foreach (var warning in planned.SelectMany(one => one["warnings"] as JArray ?? new JArray()).Select(one => (string?)one).Distinct()) WriteWarning(warning);
        WarnOfStore(planned);
        RefuseDrives(planned);
        foreach (var task in planned)
        {
            if (AsXml) WriteObject((string?)task["xml"]);
            else Attempt(() => Register(task), (string?)task["name"]);
        }
        if (AsXml || !PassThru) return;
        var names = planned.Select(one => (string?)one["name"]).ToArray();
        foreach (var task in Inspect(Scheduled()).Where(one => names.Contains(one.Name))) WriteObject(task);
    }

    /// <summary>The engine's last resort for a task that cannot begin is the Event Log, where only an administrator can make it a source.</summary>
    protected override void EndProcessing()
    {
        if (registered.Count == 0) return;
        if (EventLogSource.Write($"Scheduled syncs were registered: {string.Join(", ", registered)}.") is { } problem)
        {
            WriteWarning($"The Event Log has no source for this product ({problem}), so a task that can write to no folder leaves no word there. Register once from an elevated PowerShell.");
        }
    }

    private void WarnOfStore(JObject[] planned)
    {
        foreach (var task in planned)
        {
            var (name, program) = ((string?)task["name"], ProgramOf(task));
            if (TaskShell.IsFromStore(program)) WriteWarning($"The task {name} runs the PowerShell of the Store, which a service account cannot start. -ViaPowerShell gives it another.");
            else if (TaskShell.IsFromStore(TaskShell.Current()) && TaskShell.IsPowerShell(program) && (AsXml || (string?)task["action"] != "none"))
            {
                WriteWarning($"The task {name} runs {program}: the PowerShell that runs now is the Store's, which a service account cannot start.");
            }
        }
    }

    /// <summary>A task has no letter that a sign-in made; XML may be for another machine, where the letter is a disk.</summary>
    private void RefuseDrives(JObject[] planned)
    {
        foreach (var path in planned.SelectMany(task => new[] { (string?)task["settingsPath"] ?? "", ProgramOf(task) }).Append(EngineLocation.Root).Distinct())
        {
            if (SessionDrives.Behind(path) is not { } behind) continue;
            var problem = new TaskDriveException($"{path} is on a drive letter of this sign-in, which a task does not have; it is {behind}.", behind);
            if (!AsXml) throw problem;
            WriteWarning(problem.Message);
        }
    }

    private static string ProgramOf(JObject task) =>
        XDocument.Parse((string?)task["xml"] ?? "<Task/>").Descendants().FirstOrDefault(one => one.Name.LocalName == "Command")?.Value ?? "";

    private void Register(JObject task)
    {
        var name = (string?)task["name"] ?? "";
        var account = new TaskAccount { UserId = (string?)task["account"]?["userId"] ?? "", Kind = (string?)task["account"]?["kind"] ?? "" };
        var limit = (int?)task["newTimeLimitMinutes"];
        var action = (string?)task["action"];
        var differences = string.Join("; ", (task["differences"] as JArray ?? new JArray()).Select(one => (string?)one));
        // A new password changes nothing that the scheduler would show.
        var update = action != "none" || Credential != null;
        if (!update && limit == null)
        {
            WriteVerbose($"The task {name} is as it should be.");
            return;
        }
        var what = update ? $"{(action == "create" ? "Make" : "Update")} the task, {(string?)task["frequency"]}, as {(string?)task["account"]?["name"]}" : "Keep the task";
        if (limit != null) what += $", and set Sync.TimeLimitMinutes to {limit}";
        if (differences.Length > 0) what += $" ({differences})";
        if (!ShouldProcess(name, what)) return;
        if (update)
        {
            if (account.Kind == "password" && Credential == null) throw new TaskPasswordException(account.UserId);
            var password = account.Kind == "password" ? Credential?.Password : null;
            Scheduling(scheduler =>
            {
                scheduler.Register(name, (string?)task["xml"] ?? "", account, password);
                return true;
            });
            registered.Add(name);
        }
        if (limit != null) Ask("task-limit", new JObject { ["path"] = task["settingsPath"], ["minutes"] = limit }, name);
    }

    /// <summary>The folders to look in; with -ConfigPath the settings of that instance alone.</summary>
    private string[] Asked()
    {
        var folders = (Path ?? new string[0]).Select(FullPath).ToArray();
        if (ConfigPath == null)
        {
            if (folders.Length == 0) throw new InstanceNotNamedException();
            return folders;
        }
        var one = FullPath(ConfigPath);
        if (System.IO.Directory.Exists(one)) one = System.IO.Path.Combine(one, SettingsFile);
        if (folders.Length > 0 && !folders.Any(folder => Under(one, folder)))
        {
            throw new InstanceElsewhereException($"{one} is not in {string.Join(", ", folders)}.");
        }
        return new[] { one };
    }

    private JObject Parameters()
    {
        var parameters = new JObject { ["paths"] = new JArray(Asked().Cast<object>().ToArray()) };
        if (Every != null) parameters["every"] = Every;
        if (At != null) parameters["at"] = At;
        if (Name != null) parameters["name"] = Name;
        var account = Credential != null && Credential != PSCredential.Empty ? Credential.UserName : Account;
        if (account != null) parameters["account"] = account;
        // Left out, a task that is registered keeps its way.
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ViaPowerShell))) parameters["viaPowerShell"] = ViaPowerShell.IsPresent;
        parameters["powerShellModule"] = System.IO.Path.Combine(EngineLocation.Root, "HaloDBIntegrator.psd1");
        if (TaskShell.Usable() is { } program) parameters["powerShellProgram"] = program;
        return parameters;
    }
}
