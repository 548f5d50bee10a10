using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Bridge;

/// <summary>What a request may hear of before its answer; always on the thread that asked.</summary>
internal interface IEngineListener
{
    void OnProgress(JObject data);

    void OnItem(JObject item);

    void OnWarning(string message);

    void OnDiagnostic(string line);

    /// <summary>A line of what the engine does; told only where that was asked for.</summary>
    void OnLog(string line);

    /// <summary>Whether it is asked for.</summary>
    bool WantsLog { get; }
}

/// <summary>The client's side of the protocol in docs/bridge-protocol.md: newline-delimited JSON, one request at a time.</summary>
internal sealed class EngineClient : IDisposable
{
    private const int Protocol = 1;
    private const int StartSeconds = 60;
    private const string StartVariable = "HALO_DB_INTEGRATOR_START_SECONDS";
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerSettings Reading = new() { DateParseHandling = DateParseHandling.None };

    private readonly EngineProcess process;
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);
    private readonly Queue<string> lastWords = new();
    private readonly object cancelling = new();
    private Timer? killer;
    private bool cancelled;
    private bool disposed;
    private int requestId;

    private EngineClient(EngineProcess process) => this.process = process;

    /// <summary>The engine's process id.</summary>
    public int ProcessId => process.Id;

    /// <summary>Starts the engine; the greeting is exchanged with the first request.</summary>
    public static EngineClient Start() => new(EngineProcess.Start(EngineLocation.Find()));

    /// <summary>Reads the engine's greeting and answers it. An engine that does not speak in time is ended: a scheduled run would wait for it for ever.</summary>
    public void Greet(string? configPath, IEngineListener listener)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable(StartVariable), out var given) && given > 0 ? given : StartSeconds;
        using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        JObject hello;
        try
        {
            hello = Next("hello", listener, impatience.Token);
        }
        catch (OperationCanceledException) when (impatience.IsCancellationRequested)
        {
            process.Kill();
            throw new EngineSilentException($"The engine did not begin to speak within {seconds} seconds. {string.Join(" ", lastWords)}".TrimEnd());
        }
        var protocol = (int?)hello["protocol"];
        if (protocol != Protocol)
        {
            throw new ProtocolMismatchException($"The engine speaks protocol {protocol}, this module protocol {Protocol}.");
        }
        var answer = new JObject
        {
            ["type"] = "hello",
            ["protocol"] = Protocol,
            ["client"] = $"HaloDBIntegrator/{typeof(EngineClient).Assembly.GetName().Version?.ToString(3)}",
            ["secrets"] = new JObject(),
        };
        if (listener.WantsLog) answer["verbose"] = true;
        if (configPath != null) answer["config"] = configPath;
        Send(answer);
    }

    /// <summary>Gives the engine secrets, by the path of their setting, none of which is ever shown; and why others could not be opened.</summary>
    public void Supply(IReadOnlyDictionary<string, string> opened, IReadOnlyDictionary<string, SecretProblem> unopened)
    {
        foreach (var secret in opened.Values) Conceal(secret);
        var problems = new JObject();
        foreach (var one in unopened) problems[one.Key] = new JObject { ["problem"] = one.Value.Problem, ["advice"] = one.Value.Advice };
        Send(new JObject { ["type"] = "secrets", ["secrets"] = JObject.FromObject(opened), ["problems"] = problems });
    }

    /// <summary>Never shows this text, whatever the engine writes.</summary>
    public void Conceal(string? secret)
    {
        if (!string.IsNullOrEmpty(secret)) secrets.Add(secret!);
    }

    /// <summary>Asks, tells the listener what comes meanwhile, and returns the answer's data.</summary>
    public JToken Request(string method, JObject parameters, IEngineListener listener)
    {
        lock (cancelling)
        {
            if (cancelled) throw new OperationCanceledException();
            requestId++;
            Send(new JObject { ["type"] = "request", ["id"] = requestId, ["method"] = method, ["params"] = parameters });
        }
        var answer = Next("result", listener);
        return answer["data"] ?? JValue.CreateNull();
    }

    /// <summary>From another thread: asks the engine to stop, and ends it when it has not done so in time.</summary>
    public void Cancel()
    {
        lock (cancelling)
        {
            if (cancelled || disposed) return;
            cancelled = true;
            if (requestId > 0) Send(new JObject { ["type"] = "cancel", ["id"] = requestId });
            killer = new Timer(_ => process.Kill(), null, requestId > 0 ? CancelPatience : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the engine.</summary>
    public void Dispose()
    {
        lock (cancelling)
        {
            if (disposed) return;
            disposed = true;
            killer?.Dispose();
        }
        process.Dispose();
    }

    private void Send(JObject message) => process.Send(message.ToString(Formatting.None));

    private JObject Next(string awaited, IEngineListener listener, CancellationToken impatience = default)
    {
        foreach (var line in process.Lines.GetConsumingEnumerable(impatience))
        {
            if (line.Diagnostic)
            {
                var shown = Redact(line.Text);
                lastWords.Enqueue(shown);
                if (lastWords.Count > 5) lastWords.Dequeue();
                listener.OnDiagnostic(shown);
                continue;
            }
            if (Parse(line.Text) is not { } message)
            {
                listener.OnDiagnostic(Redact(line.Text));
                continue;
            }
            var type = (string?)message["type"];
            if (type == awaited) return message;
            // An answer to an earlier request, or to none of ours, except that a greeting may be refused without an id.
            if ((int?)message["id"] is { } id && id != requestId) continue;
            Tell(type, message, listener);
        }
        throw new EngineEndedException(
            $"The engine ended with exit code {process.ExitCode?.ToString() ?? "unknown"} before it had answered. {string.Join(" ", lastWords)}".TrimEnd());
    }

    private void Tell(string? type, JObject message, IEngineListener listener)
    {
        switch (type)
        {
            case "progress":
                if (message["data"] is JObject progress) listener.OnProgress(progress);
                break;
            case "items":
                foreach (var item in (message["data"] as JArray ?? new JArray()).OfType<JObject>()) listener.OnItem(item);
                break;
            case "warning":
                listener.OnWarning(Redact((string?)message["message"] ?? ""));
                break;
            case "log":
                listener.OnLog(Redact((string?)message["line"] ?? ""));
                break;
            case "error":
                throw HaloEngineException.From(message["error"] as JObject ?? new JObject(), Redact);
        }
    }

    private string Redact(string text) => secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, "***"));

    private static JObject? Parse(string line)
    {
        try
        {
            return JsonConvert.DeserializeObject<JObject>(line, Reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
