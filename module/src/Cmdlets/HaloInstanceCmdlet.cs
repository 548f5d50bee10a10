using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets that work with instances: each of those named has its turn, whatever becomes of the others.</summary>
public abstract class HaloInstanceCmdlet : HaloEngineCmdlet
{
    private string? instance;

    /// <summary>An instance's appsettings.json, or its folder; wildcards are allowed and mean every instance that fits. Left out, it is the session's default (Set-HaloSyncInstance), else the one beside the engine.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Config")]
    public string[]? ConfigPath { get; set; }

    /// <summary>The same, taken as it is written: no wildcards. Files and folders that are piped in are taken so.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "FullName", "LP")]
    public string[]? LiteralPath { get; set; }

    /// <inheritdoc />
    protected sealed override void ProcessRecord()
    {
        if (LiteralPath != null && ConfigPath != null) Attempt(() => throw new InstanceTwiceNamedException(ConfigPath[0], LiteralPath[0]));
        else if (LiteralPath != null) Each(LiteralPath, Taken);
        else if (ConfigPath != null) Each(ConfigPath, Fitting);
        else if (DefaultInstance.Path is { } path) Each(new[] { path }, Taken);
        else if (ChangesSettings) ThrowTerminatingError(new OwnSettingsException().ToErrorRecord());
        else Attempt(() => Process(null));
    }

    /// <summary>Does the cmdlet's work at the instance whose turn it is.</summary>
    private protected abstract void ProcessInstance();

    /// <summary>Whether it writes settings: those in the module's own folder are left alone, unless they are named.</summary>
    private protected virtual bool ChangesSettings => false;

    /// <inheritdoc />
    private protected override string? EngineConfig() => instance;

    /// <summary>Full path of the appsettings.json of the instance whose turn it is.</summary>
    private protected string FullConfigPath() => instance ?? Path.Combine(EngineLocation.Root, SettingsFile);

    private void Each(IEnumerable<string> paths, Func<string, IEnumerable<string>> meant)
    {
        foreach (var path in paths)
        {
            Attempt(() =>
            {
                foreach (var one in meant(path).ToArray()) Attempt(() => Process(one), one);
            }, path);
        }
    }

    private void Process(string? settings)
    {
        instance = settings;
        ProcessInstance();
    }

    private IEnumerable<string> Taken(string path) => new[] { Literal(path) };

    private string Literal(string path)
    {
        var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem") throw new InstanceNotFoundException($"\"{path}\" is no path of a file or a folder.");
        return Directory.Exists(full) ? Path.Combine(full, SettingsFile) : full;
    }

    /// <summary>What a path means: itself where it is there, whatever characters it is made of; else the instances that fit it as a pattern.</summary>
    private IEnumerable<string> Fitting(string path)
    {
        var literal = Literal(path);
        if (!WildcardPattern.ContainsWildcardCharacters(path) || File.Exists(literal)) return new[] { literal };
        var found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)
            .Select(one => Directory.Exists(one) ? Path.Combine(one, SettingsFile) : one)
            .Where(one => string.Equals(Path.GetFileName(one), SettingsFile, StringComparison.OrdinalIgnoreCase) && File.Exists(one))
            .OrderBy(one => one, StringComparer.OrdinalIgnoreCase).ToArray();
        return found.Length > 0 ? found : throw new InstanceNotFoundException($"No instance fits \"{path}\".");
    }
}
