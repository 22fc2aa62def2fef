namespace Bootstrapper.Cluster.Keys;

/// <summary>An entry of <c>profiles</c>.</summary>
internal static class ProfileKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Name = All.Required("name", NameSyntax.ProfileName,
        "Name by which nodes refer to the profile.");

    public static readonly ValueKey<int> Quantity = All.Value("quantity", TextSyntax.Count,
        "How many machines may have the profile. Default: any number.");

    public static readonly ListKey<string> Tags = All.List("tags", NameSyntax.Tag,
        "Your own tags for the profile. Default: none.");

    static ProfileKeys()
    {
        All.Include(TraitKeys.All);
    }
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

    public static readonly ValueKey<bool> IngressInOneWord = All.Value("ingresslabel", TextSyntax.Flag,
        "ingress_label as sextant's program, unlike its sample file, spelt it.");

    public static readonly ValueKey<string> Channel = All.Value("channel", NameSyntax.Channel,
        "Release channel. Default: coreos_channel.");

    public static readonly ValueKey<string> Template = All.Value("template", NameSyntax.FileName,
        "File name of the cloud-config template, or of an Ignition config of your own where it ends in .ign.",
        fallback: Node.DefaultTemplate);

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

    public static readonly ListKey<string> KernelArguments = All.List("kernel_args", TextSyntax.KernelArgument,
        "Appended to the kernel command line of what the machine boots over the network, "
            + "after those of the cluster and of the profile. Default: none.");

    public static readonly SectionKey Boot = All.Section("boot", BootKeys.All,
        "What the machine boots over the network. Default: the live system of its release.");

    public static readonly TableKey Labels = All.Table("labels", NameSyntax.LabelName, NameSyntax.LabelValue,
        "Kubernetes labels of the machine; those of its profile are added. Default: none.");

    public static readonly TableKey Variables = All.Table("variables", NameSyntax.VariableName, TextSyntax.Line,
        "Values of your own for templates; those of the profile are added. Default: none.");
}
