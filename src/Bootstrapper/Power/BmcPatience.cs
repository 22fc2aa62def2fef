namespace Bootstrapper.Power;

/// <summary>How long BMCs may take. They are slow: some need ten seconds to say what a system is.</summary>
internal sealed record BmcPatience
{
    /// <summary>For one answer over HTTPS.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For one run of ipmitool, which gives up by itself after 12 s, or 18 s where a cipher suite is sought.</summary>
    public TimeSpan Program { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>For a machine to be on, or off, after its BMC took the order.</summary>
    public TimeSpan Change { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a whole conversation, whoever is slow in it.</summary>
    public TimeSpan Conversation { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>For who asks beside other things whether a machine is on.</summary>
    public TimeSpan Glance { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>For others' conversations to end.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For all that one request makes of it: to ask how a machine is, and then to restart it.</summary>
    public TimeSpan Longest => 2 * (Turn + Conversation);
}
