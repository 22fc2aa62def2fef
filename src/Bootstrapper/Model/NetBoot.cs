using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// What a machine boots over the network, whichever loader puts it into memory: pxelinux, iPXE and GRUB are told the same.
/// </summary>
/// <param name="Kernel">A URL; a path for loaders that resolve it against their own.</param>
/// <param name="Initrd">Likewise, in the order in which the kernel unpacks them.</param>
/// <param name="Args">The command line, word by word.</param>
internal sealed record NetBoot(string Kernel, IReadOnlyList<string> Initrd, IReadOnlyList<string> Args)
{
    /// <summary>Whether a loader asks for it that starts signed kernels only; see <see cref="Traits.SecureBoot"/>.</summary>
    public bool IsSigned { get; init; }

    /// <summary>
    /// What a live system runs: a path of ours, with its query; <c>null</c> where somebody else says what is booted, and with
    /// what words, and for a machine that stays in it, which applies a config.
    /// </summary>
    public string? Script { get; private init; }

    private const string InitrdArgument = "initrd=";

    /// <summary>As pxelinux' <c>ipappend 2</c>: the type of the hardware, Ethernet, and its address.</summary>
    private const string BootIf = "BOOTIF=01-";

    /// <param name="uuid">What the machine says of itself, where the description does not know it.</param>
    public static NetBoot Of(Node node, ClusterDescription cluster, Guid? uuid = null) =>
        (node.Boot is { } boot ? Chosen(boot, node, cluster, uuid)
            : node.LivesInMemory ? LiveSystem(node, cluster) with { Script = null }
            : LiveSystem(node, cluster)) with
        {
            IsSigned = node.IsSecure,
        };

    /// <summary>For a machine that nobody planned: the live system of the cluster's channel, to look what is in it.</summary>
    /// <param name="card">The network card that it boots from, where that is known.</param>
    public static NetBoot Discovery(ClusterDescription cluster, MacAddress? card) =>
        LiveSystem(cluster.IsSecure, cluster.Os.Channel, "discover.sh", card, cluster.Os.KernelArguments, cluster) with
        {
            IsSigned = cluster.IsSecure,
        };

    /// <summary>
    /// For loaders that start the kernel as a UEFI program: it asks for its initial RAM disks by name (Linux, efi-stub.rst).
    /// </summary>
    public NetBoot NamingInitrd() => Args.Any(NamesInitrd) ? this : this with { Args = [.. Initrd.Select(NameOf), .. Args] };

    /// <summary>For loaders to which that argument means something else.</summary>
    public NetBoot WithoutInitrdNames() => this with { Args = [.. Args.Where(argument => !NamesInitrd(argument))] };

    /// <summary>For a machine that boots from another of its cards than the one that the description names.</summary>
    public NetBoot From(MacAddress? card) => card is not { } mac ? this : this with
    {
        Args = [.. Args.Select(argument =>
            argument.StartsWith(BootIf, StringComparison.Ordinal) ? BootIf + mac.ToHyphenated() : argument)],
    };

    private static NetBoot Chosen(BootSettings boot, Node node, ClusterDescription cluster, Guid? uuid)
    {
        var values = Values(node, cluster, uuid);
        return new NetBoot(
            Urls.File(cluster, boot.Kernel),
            [.. boot.Initrd.Select(file => Urls.File(cluster, file))],
            [.. boot.Args.Concat(node.KernelArguments).Select(argument => BootVariables.Fill(argument, values))]);
    }

    /// <summary>A fact holds over an operator's variable of the same name.</summary>
    private static Dictionary<string, string> Values(Node node, ClusterDescription cluster, Guid? uuid)
    {
        var values = new Dictionary<string, string>(node.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in Facts(node, cluster, uuid).Where(fact => fact.Value is not null))
        {
            values[name] = value!;
        }

        return values;
    }

    private static (string Name, string? Value)[] Facts(Node node, ClusterDescription cluster, Guid? uuid) =>
    [
        (BootVariables.Mac, node.Mac.ToString()),
        (BootVariables.HyphenatedMac, node.Mac.ToHyphenated()),
        (BootVariables.Uuid, (node.Uuid ?? uuid)?.ToString()),
        (BootVariables.Serial, node.Serial?.Value),
        (BootVariables.HostName, node.HostName),
        (BootVariables.Ip, node.Ip?.ToString()),
        (BootVariables.Bootstrapper, Urls.Base(cluster)),
    ];

    private static NetBoot LiveSystem(Node node, ClusterDescription cluster) =>
        LiveSystem(
            node.IsSecure,
            node.Channel,
            node.LivesInMemory ? $"cloud-config/{node.Mac}" : $"install.sh?mac={node.Mac}",
            node.Mac,
            node.KernelArguments,
            cluster);

    /// <summary>
    /// The release's own, or the signed one, which runs a script of ours; the release's may also stay, and be told what to
    /// become. BOOTIF tells it which of its network cards it was booted from.
    /// </summary>
    private static NetBoot LiveSystem(
        bool isSigned,
        string channel,
        string script,
        MacAddress? card,
        IReadOnlyList<string> arguments,
        ClusterDescription cluster)
    {
        var files = ReleaseFiles.Of(cluster.Os.Name);
        var release = $"{channel}/{cluster.Os.Version}";
        var (kernel, initrd) = isSigned
            ? (SignedLiveSystem.Kernel, SignedLiveSystem.Initrd)
            : ($"{release}/{files.Kernel}", $"{release}/{files.Initrd}");
        return new NetBoot(Urls.File(cluster, kernel), [Urls.File(cluster, initrd)],
        [
            .. isSigned ? Array.Empty<string>() : [$"{files.Arguments}.first_boot=1", $"{files.Arguments}.autologin"],
            $"cloud-config-url={Urls.Base(cluster)}/{script}",
            .. card is { } mac ? [BootIf + mac.ToHyphenated()] : Array.Empty<string>(),
            .. arguments,
        ])
        {
            Script = script,
        };
    }

    private static bool NamesInitrd(string argument) => argument.StartsWith(InitrdArgument, StringComparison.Ordinal);

    private static string NameOf(string file) => InitrdArgument + file[(file.LastIndexOf('/') + 1)..];
}
