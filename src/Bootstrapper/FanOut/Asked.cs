namespace Bootstrapper.FanOut;

/// <summary>What a machine says of the image's chunks when it asks what to do next.</summary>
internal sealed record Asked
{
    /// <summary>All that it has; said where it begins, and where we do not know.</summary>
    public IReadOnlyList<int>? Has { get; init; }

    /// <summary>TCP port on which it passes chunks on; <c>null</c> where it only takes. Said with <see cref="Has"/>.</summary>
    public int? Port { get; init; }

    /// <summary>It has this one now, and checked it.</summary>
    public int? Got { get; init; }

    /// <summary>This one did not come, or not in time.</summary>
    public int? Missed { get; init; }

    /// <summary>What came in its place was not the chunk.</summary>
    public int? Wrong { get; init; }

    /// <summary>It is installed, and stays for others only.</summary>
    public bool Leaves { get; init; }

    /// <summary>It gives nothing any more, and takes nothing.</summary>
    public bool Stops { get; init; }
}
