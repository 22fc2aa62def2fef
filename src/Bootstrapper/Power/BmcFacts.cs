using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// What a BMC knows of its machine, which need not be on, nor ever have booted. <c>null</c> for what it does not say.
/// </summary>
internal sealed record BmcFacts
{
    private const int LongestText = 100;

    public PowerState? Power { get; init; }

    public string? Manufacturer { get; init; }

    public string? Model { get; init; }

    public string? Serial { get; init; }

    public Guid? Uuid { get; init; }

    /// <summary>Version of the machine's firmware.</summary>
    public string? Firmware { get; init; }

    /// <summary>Version of the BMC's own.</summary>
    public string? BmcFirmware { get; init; }

    /// <summary>Such as <c>OK</c>, <c>Warning</c> or <c>Critical</c>, of all that is in it.</summary>
    public string? Health { get; init; }

    /// <summary>Such as <c>Enabled</c> or <c>Disabled</c>: whether the machine's last boot was by Secure Boot.</summary>
    public string? SecureBoot { get; init; }

    public IReadOnlyList<BmcCard> Cards { get; init; } = [];

    /// <summary>What a BMC says, fit to be shown; <c>null</c> for what is empty.</summary>
    public static string? Shown(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : Printable.OnOneLine(text.Trim(), LongestText);
}

/// <summary>A network card of the machine's, as its BMC has it.</summary>
internal sealed record BmcCard(string Name, MacAddress Mac);
