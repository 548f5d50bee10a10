using System;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Errors;

/// <summary>An error of the engine, or of reaching it, with what PowerShell's error record needs.</summary>
public class HaloEngineException : Exception
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="code">The error's code, which is PowerShell's error id too.</param>
    /// <param name="category">The engine's category: config, auth, permission, throttled, transient, data, bug or cancelled.</param>
    /// <param name="advice">What the user should do.</param>
    /// <param name="retryable">Whether doing the same again may help.</param>
    /// <param name="exitCode">The engine's exit code for it.</param>
    public HaloEngineException(string message, string code, string category, string advice, bool retryable = false, int exitCode = 1)
        : base(message)
    {
        Code = code;
        EngineCategory = category;
        Advice = advice;
        Retryable = retryable;
        ExitCode = exitCode;
    }

    /// <summary>The error's code, listed in docs/errors.md; PowerShell's error id.</summary>
    public string Code { get; }

    /// <summary>The engine's category.</summary>
    public string EngineCategory { get; }

    /// <summary>What the user should do.</summary>
    public string Advice { get; }

    /// <summary>Whether doing the same again may help.</summary>
    public bool Retryable { get; }

    /// <summary>The exit code the command line gives for it.</summary>
    public int ExitCode { get; }

    /// <summary>Whether it would befall every input of a pipeline alike, and not the one at hand alone.</summary>
    internal virtual bool IsForAll => false;

    /// <summary>What it is about; null where nobody said.</summary>
    internal object? About { get; set; }

    /// <summary>Whether the cmdlet has been told of its exit code.</summary>
    internal bool IsTold { get; set; }

    /// <summary>PowerShell's category for it.</summary>
    public ErrorCategory Category => EngineCategory switch
    {
        _ when Code.EndsWith("NotFound", StringComparison.Ordinal) => ErrorCategory.ObjectNotFound,
        "config" => ErrorCategory.InvalidArgument,
        "auth" => ErrorCategory.AuthenticationError,
        "permission" => ErrorCategory.PermissionDenied,
        "throttled" => ErrorCategory.LimitsExceeded,
        "transient" => ErrorCategory.ConnectionError,
        "data" => ErrorCategory.InvalidData,
        "cancelled" => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };

    /// <summary>The engine's own report as an exception, its texts passed through the redaction.</summary>
    internal static HaloEngineException From(JObject error, Func<string, string> redact) => new(
        redact((string?)error["message"] ?? "The engine failed without a message."),
        (string?)error["code"] ?? "Unexpected",
        (string?)error["category"] ?? "bug",
        redact((string?)error["advice"] ?? "Look in the log for the whole error."),
        (bool?)error["retryable"] ?? false,
        (int?)error["exitCode"] ?? 1);

    /// <summary>
    /// The record to write or throw. The fix stands in its text: PowerShell shows a recommended action in one of its views only, which
    /// Windows PowerShell has not, and would show it twice there. Scripts find it in the exception's Advice.
    /// </summary>
    /// <param name="target">What the error is about.</param>
    public ErrorRecord ToErrorRecord(object? target = null) => new(this, Code, Category, target)
    {
        ErrorDetails = new ErrorDetails($"{Message}{Environment.NewLine}Fix: {Advice}"),
    };
}
