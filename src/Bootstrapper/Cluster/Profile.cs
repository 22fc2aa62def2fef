namespace Bootstrapper.Cluster;

/// <summary>What several nodes have in common, and how many unknown machines may become one of them.</summary>
/// <param name="Quantity"><c>null</c> for any number.</param>
internal sealed record Profile(string Name, int? Quantity)
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Channel { get; init; }

    public string? Template { get; init; }

    public string? Generic { get; init; }

    public ConfigFormat? Config { get; init; }

    public string? InstallDisk { get; init; }

    public DiskSelector? DiskSelector { get; init; }

    public bool? Wipe { get; init; }

    public BootSettings? Boot { get; init; }

    public BootLoader? BootLoader { get; init; }

    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    public NodeRoles Roles { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
