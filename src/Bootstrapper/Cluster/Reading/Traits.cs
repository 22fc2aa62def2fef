using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What a node says itself or takes from its profile; <c>null</c> is what it does not say.</summary>
internal sealed record Traits
{
    private static readonly IReadOnlyDictionary<string, string> NoPairs = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool? KubeMaster { get; init; }

    public bool? EtcdMember { get; init; }

    public bool? Ingress { get; init; }

    public string? Channel { get; init; }

    public string? Template { get; init; }

    public string? Generic { get; init; }

    public Stated<ConfigFormat>? Config { get; init; }

    public DiskDraft? InstallDisk { get; init; }

    public bool? Wipe { get; init; }

    public BootDraft? Boot { get; init; }

    public BootLoader? BootLoader { get; init; }

    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoPairs;

    public IReadOnlyDictionary<string, string> Variables { get; init; } = NoPairs;

    /// <summary>An Ignition config of the operator's own can only be given as what it is.</summary>
    public ConfigFormat? ConfigFormat => Config?.Value ?? (HasOwnIgnition ? Cluster.ConfigFormat.Ignition : null);

    public bool HasOwnIgnition => Template is not null && Node.IsIgnition(Template);

    public NodeRoles Roles =>
        (KubeMaster == true ? NodeRoles.KubeMaster : NodeRoles.None)
        | (EtcdMember == true ? NodeRoles.EtcdMember : NodeRoles.None)
        | (Ingress == true ? NodeRoles.Ingress : NodeRoles.None);

    public static Traits Read(YamlMap map) => new()
    {
        KubeMaster = map.Given(TraitKeys.KubeMaster)?.Value,
        EtcdMember = map.Given(TraitKeys.EtcdMember)?.Value,
        Ingress = (map.Given(TraitKeys.Ingress) ?? map.Given(TraitKeys.IngressInOneWord))?.Value,
        Channel = map.Given(TraitKeys.Channel)?.Value,
        Template = map.Given(TraitKeys.Template)?.Value,
        Generic = map.Given(TraitKeys.Generic)?.Value,
        Config = map.Given(TraitKeys.Config),
        InstallDisk = DiskDraft.Read(map),
        Wipe = map.Given(TraitKeys.Wipe)?.Value,
        Boot = BootDraft.Read(map),
        BootLoader = map.Given(TraitKeys.BootLoader)?.Value,
        KernelArguments = [.. map.List(TraitKeys.KernelArguments).Select(argument => argument.Value)],
        Labels = map.Table(TraitKeys.Labels),
        Variables = map.Table(TraitKeys.Variables),
    };

    /// <summary>These, and what only <paramref name="profile"/> says.</summary>
    public Traits Over(Traits profile) => new()
    {
        KubeMaster = KubeMaster ?? profile.KubeMaster,
        EtcdMember = EtcdMember ?? profile.EtcdMember,
        Ingress = Ingress ?? profile.Ingress,
        Channel = Channel ?? profile.Channel,
        Template = Template ?? profile.Template,
        Generic = Generic ?? profile.Generic,
        Config = Config ?? profile.Config,
        InstallDisk = InstallDisk ?? profile.InstallDisk,
        Wipe = Wipe ?? profile.Wipe,
        Boot = Boot ?? profile.Boot,
        BootLoader = BootLoader ?? profile.BootLoader,
        KernelArguments = [.. profile.KernelArguments, .. KernelArguments],
        Labels = Union(Labels, profile.Labels),
        Variables = Union(Variables, profile.Variables),
    };

    private static IReadOnlyDictionary<string, string> Union(
        IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> profile) =>
        (own.Count, profile.Count) switch
        {
            (_, 0) => own,
            (0, _) => profile,
            _ => new Dictionary<string, string>(
                profile.Concat(own).GroupBy(pair => pair.Key, StringComparer.Ordinal).Select(pairs => pairs.Last()),
                StringComparer.Ordinal),
        };
}
