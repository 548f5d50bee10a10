using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of every cmdlet: one engine per command, started at its first request, stopped by Ctrl-C.</summary>
public abstract class HaloEngineCmdlet : PSCmdlet, IDisposable, IEngineListener
{
    /// <summary>The engine's exit code of a run that was cancelled (docs/errors.md).</summary>
    private const int Cancelled = 130;

    /// <summary>Name of an instance's settings.</summary>
    private protected const string SettingsFile = "appsettings.json";

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly object starting = new();
    private readonly Stopwatch sinceProgress = new();
    private EngineClient? client;
    private string? clientConfig;
    private string? concealed;
    private bool stopping;
    private bool secretsSupplied;
    private int activities;

    /// <summary>The instance's appsettings.json, or its folder; the one beside the engine when left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Config")]
    public virtual string? ConfigPath { get; set; }

    /// <summary>Ends the engine.</summary>
    public void Dispose()
    {
        client?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the command is only to say what it would do.</summary>
    private protected bool WhatIf() => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    void IEngineListener.OnProgress(JObject data)
    {
        activities++;
        if (stopping || (sinceProgress.IsRunning && sinceProgress.Elapsed < ProgressInterval)) return;
        sinceProgress.Restart();
        WriteProgress(EngineProgress.RecordOf(data));
    }

    void IEngineListener.OnWarning(string message)
    {
        if (!stopping) WriteWarning(message);
    }

    void IEngineListener.OnDiagnostic(string line)
    {
        if (!stopping) WriteVerbose(line);
    }

    /// <summary>Asks the engine to stop; the pipeline ends when it has, or is ended after 30 seconds.</summary>
    protected override void StopProcessing()
    {
        lock (starting)
        {
            stopping = true;
            client?.Cancel();
        }
    }

    /// <summary>Asks the engine; an error of its ends the cmdlet, a cancel ends the pipeline.</summary>
    /// <param name="method">The protocol's method.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="target">What an error would be about.</param>
    private protected JToken Ask(string method, JObject? parameters = null, object? target = null)
    {
        try
        {
            var engine = Client();
            engine.Conceal(concealed);
            if (NeedsSecrets(method)) SupplySecrets(engine);
            var answer = engine.Request(method, parameters ?? new JObject(), this);
            if (stopping) throw Stopped();
            return answer;
        }
        catch (HaloEngineException problem)
        {
            if (stopping) throw Stopped();
            EndedBy(problem);
            ThrowTerminatingError(problem.ToErrorRecord(target));
            throw;
        }
        catch (OperationCanceledException)
        {
            throw Stopped();
        }
        finally
        {
            FinishProgress();
        }
    }

    private PipelineStoppedException Stopped()
    {
        Ended(Cancelled);
        return new PipelineStoppedException();
    }

    /// <summary>Told before an error of the engine, or of reaching it, ends the cmdlet.</summary>
    private protected virtual void EndedBy(HaloEngineException problem) => Ended(problem.ExitCode);

    /// <summary>Told the engine's exit code before an error or Ctrl-C ends the cmdlet.</summary>
    private protected virtual void Ended(int exitCode)
    {
    }

    /// <summary>Keeps a text out of everything this cmdlet shows.</summary>
    private protected void Conceal(string? secret) => concealed = secret;

    private static bool NeedsSecrets(string method) => method is "sync" or "test" or "integrations" or "api" or "enable" or "disable";

    private void SupplySecrets(EngineClient engine)
    {
        if (secretsSupplied) return;
        secretsSupplied = true;
        JToken references;
        try
        {
            references = engine.Request("secret-references", new JObject(), this);
        }
        catch (HaloEngineException problem) when (problem.EngineCategory is "config" or "permission")
        {
            // The settings cannot be read: the request itself will say so, with its own words.
            WriteDebug(problem.Message);
            return;
        }
        var opened = new Dictionary<string, string>();
        foreach (var reference in Reading.Objects(references, "references"))
        {
            var setting = (string?)reference["setting"] ?? "";
            try
            {
                opened[setting] = SecretOpener.Open((JObject)reference["source"]!, InvokeCommand);
            }
            catch (Exception problem) when (problem is RuntimeException or FormatException or System.ComponentModel.Win32Exception or PlatformNotSupportedException or InvalidOperationException)
            {
                WriteWarning($"The secret of {setting} cannot be opened: {problem.Message}");
            }
        }
        if (opened.Count > 0) engine.Supply(opened);
    }

    /// <summary>An engine is of one instance: when the pipeline comes to another, it gets an engine of its own.</summary>
    private EngineClient Client()
    {
        var config = EngineConfig();
        if (client != null && clientConfig == config) return client;
        lock (starting)
        {
            if (stopping) throw new PipelineStoppedException();
            client?.Dispose();
            client = EngineClient.Start();
        }
        clientConfig = config;
        secretsSupplied = false;
        WriteDebug($"The engine is process {client.ProcessId}.");
        client.Greet(config, this);
        return client;
    }

    /// <summary>The settings the engine works with; its own where this is null.</summary>
    private protected virtual string? EngineConfig() => ConfigPath == null ? null : FullConfigPath();

    /// <summary>Full path of the instance's appsettings.json.</summary>
    private protected string FullConfigPath()
    {
        if (ConfigPath == null) return Path.Combine(EngineLocation.Root, SettingsFile);
        var path = GetUnresolvedProviderPathFromPSPath(ConfigPath);
        return Directory.Exists(path) ? Path.Combine(path, SettingsFile) : path;
    }

    private void FinishProgress()
    {
        if (activities == 0 || stopping) return;
        WriteProgress(new ProgressRecord(EngineProgress.ActivityId, EngineProgress.Activity, "Done") { RecordType = ProgressRecordType.Completed });
        activities = 0;
        sinceProgress.Reset();
    }
}
