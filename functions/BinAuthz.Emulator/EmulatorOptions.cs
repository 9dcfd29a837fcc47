namespace BinAuthz.Emulator;

/// <summary>How an emulator starts.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The TCP port for REST on 127.0.0.1; 0 takes a free one.</summary>
    public int RestPort { get; init; }

    /// <summary>The TCP port for gRPC on 127.0.0.1; 0 takes a free one.</summary>
    public int GrpcPort { get; init; }

    /// <summary>The folder that keeps the state over restarts; null keeps it in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The choices where Google's behaviour is not documented.</summary>
    public EmulatorSwitches Switches { get; init; } = new();
}
