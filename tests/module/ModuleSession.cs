using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HaloDBIntegrator.Tests;

/// <summary>PowerShell with the project's own module imported, and an instance for it: $config is its appsettings.json.</summary>
public sealed class ModuleSession : IDisposable
{
    private readonly Runspace runspace;
    private readonly bool owner;

    public ModuleSession()
        : this(new HaloInstance())
    {
        owner = true;
    }

    private ModuleSession(HaloInstance instance)
    {
        Instance = instance;
        runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        runspace.SessionStateProxy.SetVariable("config", Instance.Settings);
        using var import = Shell("Import-Module -Name $args[0] -ErrorAction Stop");
        import.AddArgument(Path.Combine(Project.Folder, "HaloDBIntegrator.psd1")).Invoke();
    }

    public HaloInstance Instance { get; }

    /// <summary>A second PowerShell for the same instance.</summary>
    public ModuleSession AnotherPrompt() => new(Instance);

    public PowerShell Shell(string script)
    {
        var shell = PowerShell.Create();
        shell.Runspace = runspace;
        return shell.AddScript(script);
    }

    public IReadOnlyList<PSObject> Run(string script)
    {
        using var shell = Shell(script);
        return shell.Invoke();
    }

    public void Dispose()
    {
        runspace.Dispose();
        if (owner) Instance.Dispose();
    }
}
