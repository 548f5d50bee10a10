namespace HaloDBIntegrator.Errors;

/// <summary>No instance is where one was named.</summary>
public sealed class InstanceNotFoundException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">What was given.</param>
    public InstanceNotFoundException(string message)
        : base(message, "InstanceNotFound", "config", "List the instances in a folder with Get-HaloSyncInstance <folder>; New-HaloSyncInstance makes one.", exitCode: 2)
    {
    }
}

/// <summary>Settings were to be changed, and no instance was named.</summary>
public sealed class OwnSettingsException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public OwnSettingsException()
        : base(
            "No instance was named, and the settings in the module's own folder are replaced by the next version.",
            "InstanceNotNamed",
            "config",
            "Name its folder with -ConfigPath, or once for the session with Set-HaloSyncInstance <folder> -Default; New-HaloSyncInstance makes one.",
            exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>A pipeline and the command name different instances.</summary>
public sealed class InstanceTwiceNamedException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="configPath">What -ConfigPath says.</param>
    /// <param name="literalPath">What -LiteralPath, or the pipeline, says.</param>
    public InstanceTwiceNamedException(string configPath, string literalPath)
        : base($"Two instances are named, {configPath} by -ConfigPath and {literalPath} by -LiteralPath or the pipeline.", "Usage", "config", "Leave one of them out; a default for the session is set with Set-HaloSyncInstance, not as a default of -ConfigPath.", exitCode: 2)
    {
    }
}

/// <summary>A second instance was to be written into the file of another.</summary>
public sealed class ReportFileTakenException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="other">The instance whose runs are in it.</param>
    public ReportFileTakenException(string path, string other)
        : base($"{path} has the runs of {other}, which this instance's would replace.", "ReportFileTaken", "config", "Give each instance a file of its own: ForEach-Object { Export-HaloSyncReport ($_.Name + '.html') -LiteralPath $_.FullName }.", exitCode: 2)
    {
    }
}
