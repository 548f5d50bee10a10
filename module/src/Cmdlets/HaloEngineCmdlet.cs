using System;
using System.Collections.Generic;
using System.Diagnostics;
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
    private readonly List<string> concealed = new();
    private bool stopping;
    private bool secretsSupplied;
    private int activities;

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

    void IEngineListener.OnItem(JObject item)
    {
        if (!stopping) Came(item);
    }

    /// <summary>Told each object of an answer that comes object by object.</summary>
    private protected virtual void Came(JObject item)
    {
    }

    void IEngineListener.OnWarning(string message)
    {
        if (!stopping) WriteWarning(message);
    }

    void IEngineListener.OnDiagnostic(string line)
    {
        if (!stopping) WriteVerbose(line);
    }

    void IEngineListener.OnLog(string line)
    {
        if (!stopping) WriteVerbose(line);
    }

    bool IEngineListener.WantsLog => MyInvocation.BoundParameters.TryGetValue("Verbose", out var given)
        ? LanguagePrimitives.IsTrue(given)
        : GetVariableValue("VerbosePreference") is { } preference && !"SilentlyContinue".Equals(preference.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks the engine to stop; the pipeline ends when it has, or is ended after 30 seconds.</summary>
    protected override void StopProcessing()
    {
        lock (starting)
        {
            stopping = true;
            client?.Cancel();
        }
    }

    /// <summary>Does what one input asks for. An error about it is written, and the next one has its turn; what would befall every input ends the cmdlet.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="target">What an error would be about, where it does not say so itself.</param>
    private protected void Attempt(Action work, object? target = null)
    {
        try
        {
            work();
        }
        catch (HaloEngineException problem)
        {
            if (!problem.IsTold) EndedBy(problem);
            var record = problem.ToErrorRecord(problem.About ?? target);
            if (problem.IsForAll) ThrowTerminatingError(record);
            WriteError(record);
        }
        catch (Exception problem) when (problem is IContainsErrorRecord && problem is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
        {
            WriteError(new ErrorRecord(((IContainsErrorRecord)problem).ErrorRecord, problem));
        }
    }

    /// <summary>Asks the engine. Its errors are thrown as they are (Attempt writes them), a cancel ends the pipeline.</summary>
    /// <param name="method">The protocol's method.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="target">What an error would be about.</param>
    private protected JToken Ask(string method, JObject? parameters = null, object? target = null)
    {
        try
        {
            var engine = Client();
            foreach (var secret in concealed) engine.Conceal(secret);
            if (NeedsSecrets(method)) SupplySecrets(engine);
            var answer = engine.Request(method, parameters ?? new JObject(), this);
            if (stopping) throw Stopped();
            return answer;
        }
        catch (HaloEngineException problem)
        {
            if (stopping) throw Stopped();
            problem.About ??= target;
            // An engine that broke down takes no further request.
            if (problem is EngineEndedException or EngineSilentException) Forget();
            EndedBy(problem);
            problem.IsTold = true;
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

    /// <summary>Told of an error of the engine, or of reaching it, before it is written.</summary>
    private protected virtual void EndedBy(HaloEngineException problem) => Ended(problem.ExitCode);

    /// <summary>Told the engine's exit code before an error is written, or Ctrl-C ends the cmdlet.</summary>
    private protected virtual void Ended(int exitCode)
    {
    }

    /// <summary>Keeps a text out of everything this cmdlet shows.</summary>
    private protected void Conceal(string? secret)
    {
        if (secret != null) concealed.Add(secret);
    }

    private static bool NeedsSecrets(string method) => method is "sync" or "undo" or "rejections" or "test" or "diagnose" or "integrations" or "api" or "enable" or "disable";

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
        var unopened = new Dictionary<string, SecretProblem>();
        foreach (var reference in Reading.Objects(references, "references"))
        {
            var setting = (string?)reference["setting"] ?? "";
            try
            {
                opened[setting] = SecretOpener.Open((JObject)reference["source"]!, InvokeCommand);
            }
            catch (Exception problem) when (problem is RuntimeException or FormatException or System.ComponentModel.Win32Exception or PlatformNotSupportedException or InvalidOperationException)
            {
                var why = unopened[setting] = SecretProblem.Of((JObject)reference["source"]!, problem);
                WriteWarning($"The secret of {setting} cannot be opened: {why.Problem}. {why.Advice}");
            }
        }
        if (opened.Count + unopened.Count > 0) engine.Supply(opened, unopened);
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
    private protected virtual string? EngineConfig() => null;

    private void Forget()
    {
        lock (starting)
        {
            client?.Dispose();
            client = null;
        }
    }

    private void FinishProgress()
    {
        if (activities == 0 || stopping) return;
        WriteProgress(new ProgressRecord(EngineProgress.ActivityId, EngineProgress.Activity, "Done") { RecordType = ProgressRecordType.Completed });
        activities = 0;
        sinceProgress.Reset();
    }
}
