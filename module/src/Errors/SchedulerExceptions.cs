namespace HaloDBIntegrator.Errors;

/// <summary>There is no Task Scheduler here.</summary>
public sealed class SchedulerUnavailableException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public SchedulerUnavailableException()
        : base("Scheduled tasks need Windows.", "SchedulerUnavailable", "config", "Write the XML with Register-HaloSyncTask -AsXml and import it on Windows.", exitCode: 2)
    {
    }
}

/// <summary>The Task Scheduler refused.</summary>
public sealed class SchedulerRefusedException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="what">What was asked of it.</param>
    /// <param name="said">What it said.</param>
    public SchedulerRefusedException(string what, string said)
        : base($"The Task Scheduler refused to {what}: {said.TrimEnd()}", "SchedulerRefused", "permission", "Run PowerShell as administrator, and check that the account exists and may log on as a batch job.", exitCode: 2)
    {
    }
}

/// <summary>The account needs a password.</summary>
public sealed class TaskPasswordException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="account">The account.</param>
    public TaskPasswordException(string account)
        : base($"A task for {account} needs its password.", "TaskPassword", "config", "Give it with -Credential, or use an account without a password: a gMSA (DOMAIN\\name$), SYSTEM, LOCAL SERVICE.", exitCode: 2)
    {
    }
}
