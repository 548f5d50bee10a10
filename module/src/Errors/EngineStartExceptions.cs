namespace HaloDBIntegrator.Errors;

/// <summary>The engine's own files are missing.</summary>
public sealed class EngineNotFoundException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Where the engine was looked for.</param>
    public EngineNotFoundException(string message)
        : base(message, "EngineNotFound", "config", "Install the module again, or run 'npm run build' in a checkout.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>There is no Node to run the engine.</summary>
public sealed class NodeNotFoundException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Where Node was looked for.</param>
    public NodeNotFoundException(string message)
        : base(message, "NodeNotFound", "config", "Install Node 24 or later, or name it in HALO_DB_INTEGRATOR_NODE.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>The Node that was found is too old.</summary>
public sealed class NodeTooOldException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Which Node, and which is needed.</param>
    public NodeTooOldException(string message)
        : base(message, "NodeTooOld", "config", "Install Node 24 or later, or name it in HALO_DB_INTEGRATOR_NODE.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>Node is there and the system does not start it.</summary>
public sealed class NodeNotStartedException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Which Node, and what the system says.</param>
    public NodeNotStartedException(string message)
        : base(message, "NodeNotStarted", "permission", "Let the account run the program; a rule of application control or an antivirus program may keep it from that.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>The engine's process was started and did not begin to speak.</summary>
public sealed class EngineSilentException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">What was waited for, and how long.</param>
    public EngineSilentException(string message)
        : base(message, "EngineSilent", "transient", "Run it again; where the server is slow or an antivirus program reads the engine first, allow more seconds in HALO_DB_INTEGRATOR_START_SECONDS.", retryable: true)
    {
    }
}

/// <summary>Module and engine are not of the same release.</summary>
public sealed class ProtocolMismatchException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Both protocol versions.</param>
    public ProtocolMismatchException(string message)
        : base(message, "ProtocolMismatch", "config", "Install module and engine from the same release.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>The engine's process ended before it had answered.</summary>
public sealed class EngineEndedException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">The exit code and the last words.</param>
    public EngineEndedException(string message)
        : base(message, "EngineEnded", "bug", "Run the command again with -Verbose and report what the engine says.")
    {
    }
}
