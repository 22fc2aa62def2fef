using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>What a node may say itself or take from its profile, and the cluster's word where both say nothing.</summary>
internal abstract record Traits(Section From) : Settings
{
    internal const string DefaultTemplate = "cloud-config.template";

    public string Channel { get; init; } = From.Given(TraitKeys.Channel)?.Value ?? From.Value(OperatingSystemKeys.Channel);

    /// <summary>Of its processors, as Go names it: <c>amd64</c> or <c>arm64</c>; channels for the latter end in it.</summary>
    public string Architecture => Channel.EndsWith("-arm64", StringComparison.Ordinal) ? "arm64" : "amd64";

    /// <summary>Name of the cloud-config template.</summary>
    public string Template { get; init; } = From.Value(TraitKeys.Template);

    /// <summary>
    /// Whether <see cref="Template"/> is an Ignition config that the operator wrote: then there is no cloud-config.
    /// </summary>
    public bool HasOwnIgnition => IsIgnition(Template);

    /// <summary>Name of the template of a plain text of the operator's own; <c>null</c> for none.</summary>
    public string? Generic { get; init; } = From.Given(TraitKeys.Generic)?.Value;

    /// <summary>What the installer leaves for the installed system to apply.</summary>
    public ConfigFormat Config { get; init; } = From.Given(TraitKeys.Config)?.Value
        ?? (IsIgnition(From.Value(TraitKeys.Template)) ? ConfigFormat.Ignition : From.Value(OperatingSystemKeys.Config));

    /// <summary>
    /// Such as <c>/dev/sda</c> or <c>/dev/disk/by-id/…</c>; <c>null</c> for the smallest disk that is large enough and has the
    /// marks of <see cref="DiskSelector"/>.
    /// </summary>
    public string? InstallDisk { get; init; } = From.Given(TraitKeys.InstallDisk)?.Value;

    public DiskSelector? DiskSelector { get; init; } =
        From.Inner(TraitKeys.InstallDisk) is { } marks ? new DiskSelector(marks) : null;

    /// <summary>Whether a disk that holds foreign data may be overwritten.</summary>
    public bool Wipe { get; init; } = From.Value(TraitKeys.Wipe);

    /// <summary>What it boots over the network; <c>null</c> for the live system of its release.</summary>
    public BootSettings? Boot { get; init; } = From.Inner(TraitKeys.Boot) is { } boot ? new BootSettings(boot) : null;

    /// <summary>Name of its network, where it says one; see <see cref="ClusterDescription.NetworkOf(Node)"/>.</summary>
    public string? Network { get; init; } = InstalledNetwork.NameIn(From)?.Value;

    /// <summary>Whether its firmware starts signed programs only, and whose.</summary>
    public SecureBoot SecureBoot { get; init; } = SecureBootOf(From);

    public bool IsSecure => SecureBoot != SecureBoot.Off;

    public BootLoader BootLoader { get; init; } = LoaderFor(SecureBootOf(From))
        ?? From.Given(TraitKeys.BootLoader)?.Value ?? From.Value(ClusterKeys.BootLoader);

    /// <summary>Whether it passes the image on to other machines while it is installed, and takes it from them.</summary>
    public bool FanOut { get; init; } = From.Given(TraitKeys.FanOut)?.Value ?? From.Value(ClusterKeys.FanOut);

    /// <summary>
    /// Appended to the kernel command line of what it boots over the network: the cluster's, the profile's, its own.
    /// </summary>
    public IReadOnlyList<string> KernelArguments { get; init; } =
        [.. From.Values(OsKeys.KernelArguments), .. From.Values(TraitKeys.KernelArguments)];

    public NodeRoles Roles { get; init; } = RolesOf(From);

    public IReadOnlyDictionary<string, string> Labels { get; init; } = From.Table(TraitKeys.Labels);

    /// <summary>The operator's own values for templates, those of the profile included.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = From.Table(TraitKeys.Variables);

    public static NodeRoles RolesOf(Section traits) =>
        (traits.Value(TraitKeys.KubeMaster) ? NodeRoles.KubeMaster : NodeRoles.None)
        | (traits.Value(TraitKeys.EtcdMember) ? NodeRoles.EtcdMember : NodeRoles.None)
        | (traits.Value(TraitKeys.Ingress) ? NodeRoles.Ingress : NodeRoles.None);

    /// <returns><c>null</c> where any will do.</returns>
    internal static BootLoader? LoaderFor(SecureBoot secure) => secure switch
    {
        SecureBoot.Shim => BootLoader.Shim,
        SecureBoot.Uki => BootLoader.Uki,
        _ => null,
    };

    private static SecureBoot SecureBootOf(Section traits) =>
        traits.Given(TraitKeys.SecureBoot)?.Value ?? traits.Value(ClusterKeys.SecureBoot);

    /// <summary>As matchbox tells them apart.</summary>
    internal static bool IsIgnition(string template) => Path.GetExtension(template) is ".ign" or ".ignition";
}

/// <summary>The language in which an installed system is told what to become.</summary>
internal enum ConfigFormat
{
    /// <summary>Applied at every start, by coreos-cloudinit.</summary>
    CloudConfig,

    /// <summary>Applied once, before the first start.</summary>
    Ignition,
}

[Flags]
internal enum NodeRoles
{
    None = 0,
    KubeMaster = 1,
    EtcdMember = 2,

    /// <summary>Runs the ingress controller.</summary>
    Ingress = 4,
}

/// <summary>What a node may say itself or take from its profile.</summary>
internal static class TraitKeys
{
    public static readonly KeySet All = new();

    internal static Syntax<BootLoader> Loaders { get; } = Choice.Of(
    [
        ("auto", Cluster.BootLoader.Auto), ("pxelinux", Cluster.BootLoader.Pxelinux), ("lpxelinux", Cluster.BootLoader.Lpxelinux),
        ("ipxe", Cluster.BootLoader.Ipxe), ("grub", Cluster.BootLoader.Grub),
    ]);

    public static readonly ValueKey<bool> KubeMaster = All.Value("kube_master", TextSyntax.Flag,
        "Whether the machine runs the Kubernetes control plane.", fallback: "n");

    public static readonly ValueKey<bool> EtcdMember = All.Value("etcd_member", TextSyntax.Flag,
        "Whether the machine is a member of the etcd cluster.", fallback: "n");

    public static readonly ValueKey<bool> Ingress = All.Value("ingress_label", TextSyntax.Flag,
        "Whether the machine is labelled to run the ingress controller.", fallback: "n");

    public static readonly SynonymKey<bool> IngressInOneWord = All.Synonym("ingresslabel", Ingress,
        "ingress_label as sextant's program, unlike its sample file, spelt it.", mayDiffer: true);

    public static readonly ValueKey<string> Channel = All.Value("channel", NameSyntax.Channel,
        "Release channel. Default: coreos_channel.");

    public static readonly ValueKey<string> Template = All.Value("template", NameSyntax.FileName,
        "File name of the cloud-config template, or of an Ignition config of your own where it ends in .ign.",
        fallback: Traits.DefaultTemplate);

    public static readonly ValueKey<string> Generic = All.Value("generic", NameSyntax.FileName,
        "File name of a template of your own for plain text, which the machine is given at /generic. Default: none.");

    public static readonly ValueKey<ConfigFormat> Config = All.Value("config", OsKeys.ConfigFormats,
        "Format of the config of the installed system. Default: ignition where template ends in .ign, "
            + "else the config of the whole file.");

    public static readonly ValueOrSectionKey<string> InstallDisk = All.ValueOrSection(
        "install_disk", DiskSyntax.Path, DiskKeys.All,
        "Disk to install on: its path such as /dev/sda, or marks that it has. Default: the smallest over 8 GB.");

    public static readonly ValueKey<bool> Wipe = All.Value("wipe", TextSyntax.Flag,
        "Whether a disk that holds foreign data may be overwritten.", fallback: "n");

    public static readonly ValueKey<BootLoader> BootLoader = All.Value("boot_loader", Loaders,
        "As boot_loader at the top level. Default: what that says.");

    public static readonly ShortSectionKey<string> Network = All.ShortSection(
        "network", InstalledNetworkKeys.Name, InstalledNetworkKeys.All,
        "Name of the machine's network, of those in networks; or a mapping with that and with the network of the installed "
            + "machine. What it does not say, the profile's does.");

    public static readonly ValueKey<SecureBoot> SecureBoot = All.Value("secure_boot", SecureBootSyntax.Words,
        "As secure_boot at the top level. Default: what that says.");

    public static readonly ValueKey<bool> FanOut = All.Value("fan_out", TextSyntax.Flag,
        "As fan_out at the top level. Default: what that says.");

    public static readonly ListKey<string> KernelArguments = All.List("kernel_args", TextSyntax.KernelArgument,
        "Appended to the kernel command line of what the machine boots over the network, "
            + "after those of the cluster and of the profile. Default: none.");

    public static readonly SectionKey Boot = All.Section("boot", BootKeys.All,
        "What the machine boots over the network. Default: the live system of its release.");

    public static readonly ShortSectionKey<IPAddress> Bmc = All.ShortSection("bmc", BmcKeys.Address, BmcKeys.All,
        "The machine's BMC: its address, or a mapping. What it does not say, the profile's and the cluster's do.");

    public static readonly TableKey Labels = All.Table("labels", NameSyntax.LabelName, NameSyntax.LabelValue,
        "Kubernetes labels of the machine; those of its profile are added. Default: none.");

    public static readonly TableKey Variables = All.Table("variables", NameSyntax.VariableName, TextSyntax.Line,
        "Values of your own for templates; those of the profile are added. Default: none.");
}
