namespace Bootstrapper.Power;

/// <summary>What makers of BMCs do otherwise than the rest; all that is known of it stands in this table.</summary>
/// <param name="Name">A part of what the service root has as <c>Vendor</c>, or the system as <c>Manufacturer</c>.</param>
internal sealed record RedfishMaker(string Name)
{
    /// <summary>
    /// Whether <c>BootSourceOverrideEnabled</c> is said though it is so already. Some refuse that, and Supermicro's demand it
    /// (as OpenStack Ironic has it, from its stories 2007355 and 2008547).
    /// </summary>
    public bool RepeatsOnce { get; init; }

    /// <summary>Whether the firmware's mode is said with the device: a BMC may go back to BIOS where it is not.</summary>
    public bool KeepsMode { get; init; }

    private static readonly RedfishMaker Any = new("");

    private static readonly IReadOnlyList<RedfishMaker> Known =
    [
        new("Supermicro") { RepeatsOnce = true, KeepsMode = true },
    ];

    public static RedfishMaker Of(params IReadOnlyList<string?> names) =>
        Known.FirstOrDefault(maker => names.OfType<string>().Any(maker.IsIn)) ?? Any;

    /// <summary>It spells itself in one word or in two.</summary>
    private bool IsIn(string name) =>
        name.Replace(" ", "", StringComparison.Ordinal).Contains(Name, StringComparison.OrdinalIgnoreCase);
}
