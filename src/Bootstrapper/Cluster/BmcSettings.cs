using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// A machine's baseboard management controller (BMC), and how to speak to it: what the node says, its profile and the cluster,
/// key by key.
/// </summary>
internal sealed record BmcSettings(Section From) : Settings
{
    public BmcSettings()
        : this(Section.None)
    {
    }

    public IPAddress Address { get; init; } = From.Value(BmcKeys.Address);

    /// <summary><c>null</c> where only the address is known: then nobody speaks to it.</summary>
    public BmcProtocol? Protocol { get; init; } = From.Given(BmcKeys.Protocol)?.Value;

    /// <summary><c>null</c> for the protocol's own.</summary>
    public int? OwnPort { get; init; } = From.Given(BmcKeys.Port)?.Value;

    public int Port => OwnPort ?? DefaultPort;

    public int DefaultPort => Protocol == BmcProtocol.Ipmi ? 623 : 443;

    /// <summary>Empty where there is no <see cref="Protocol"/>, as is <see cref="PasswordFile"/>.</summary>
    public string User { get; init; } = From.Given(BmcKeys.User)?.Value ?? "";

    /// <summary>A path in the data root.</summary>
    public string PasswordFile { get; init; } = From.Given(BmcKeys.PasswordFile)?.Value ?? "";

    /// <summary>Whether its certificate must be good.</summary>
    public bool Verify { get; init; } = From.Value(BmcKeys.Verify);

    /// <summary>A path in the data root; <c>null</c> for the authorities that the system trusts.</summary>
    public string? Ca { get; init; } = From.Given(BmcKeys.Ca)?.Value;

    /// <summary>Of IPMI; <c>null</c> for the best that the BMC offers.</summary>
    public int? CipherSuite { get; init; } = From.Given(BmcKeys.CipherSuite)?.Value;

    /// <summary>The mode in which firmware makes the one boot that the BMC is told of; <c>null</c> for its own.</summary>
    public FirmwareMode? FirmwareMode { get; init; } = From.Given(BmcKeys.FirmwareMode)?.Value;

    /// <summary>
    /// How firmware makes the one boot from the network that the BMC is told of; <c>null</c> for the first way that it offers.
    /// </summary>
    public NetworkBoot? NetworkBoot { get; init; } = From.Given(BmcKeys.NetworkBoot)?.Value;

    /// <param name="node">With what its profile says.</param>
    /// <returns><c>null</c> where no address is said, and where the node has no section that is sound.</returns>
    public static BmcSettings? Of(Section node) =>
        Whole(node) is { } bmc && bmc.Has(BmcKeys.Address) ? new BmcSettings(bmc) : null;

    /// <summary>The node's section with the cluster's defaults; <c>null</c> where neither it nor its profile has one.</summary>
    public static Section? Whole(Section node) =>
        node.Inner(TraitKeys.Bmc) is not { } own ? null
        : node.Inner(ClusterKeys.Bmc) is { } all ? own.Over(all, BmcKeys.Shared)
        : own;
}

internal enum BmcProtocol
{
    /// <summary>IPMI 2.0 over the network (RMCP+).</summary>
    Ipmi,

    /// <summary>DMTF's, over HTTPS.</summary>
    Redfish,
}

/// <summary>How firmware starts what it boots.</summary>
internal enum FirmwareMode
{
    Bios,
    Uefi,
}

/// <summary>How firmware boots from the network.</summary>
internal enum NetworkBoot
{
    /// <summary>It asks by DHCP, and loads over TFTP.</summary>
    Pxe,

    /// <summary>UEFI's HTTP Boot (UEFI 2.5, 24.7): it loads what a URL names, that of DHCP or one that it was told.</summary>
    Http,
}

/// <summary>The section <c>bmc</c>.</summary>
internal static class BmcKeys
{
    private static readonly KeySet Own = new();

    /// <summary>Those that many machines have in common.</summary>
    public static readonly KeySet Shared = new();

    public static readonly ValueKey<IPAddress> Address = Own.Value("address", NetworkSyntax.Address,
        "Address of the BMC. It has one for each machine, so only nodes say it.");

    public static readonly ValueKey<BmcProtocol> Protocol = Shared.Value("protocol",
        Choice.Of([("ipmi", BmcProtocol.Ipmi), ("redfish", BmcProtocol.Redfish)]),
        "How the bootstrapper speaks to the BMC. Default: not at all.");

    public static readonly ValueKey<int> Port = Shared.Value("port", NetworkSyntax.Port,
        "Its port. Default: 623 for ipmi, 443 for redfish.");

    public static readonly ValueKey<string> User = Shared.Value("user", UserName,
        "Who the bootstrapper logs in as at the BMC. Required where there is a protocol.");

    public static readonly ValueKey<string> PasswordFile = Shared.Value("password_file", SecretSyntax.File,
        "File in the data root with the password in its first line, which only its owner may read (chmod 600). "
            + "Required where there is a protocol.");

    public static readonly ValueKey<bool> Verify = Shared.Value("verify", TextSyntax.Flag,
        "Of redfish: whether the BMC's certificate must be good. n gives the password to whoever answers at its address.",
        fallback: "y");

    public static readonly ValueKey<string> Ca = Shared.Value("ca", SecretSyntax.File,
        "Of redfish: file in the data root with the certificates (PEM) that BMCs are known by: an authority's, or their own. "
            + "Default: the authorities that the system trusts.");

    public static readonly ValueKey<int> CipherSuite = Shared.Value("cipher_suite", Choice.Of([("3", 3), ("17", 17)]),
        "Of ipmi: 17 (SHA-256), or 3 (SHA-1) for a BMC that does not say what it can. Default: the best that it offers.");

    public static readonly ValueKey<FirmwareMode> FirmwareMode = Shared.Value("firmware_mode",
        Choice.Of([("bios", Cluster.FirmwareMode.Bios), ("uefi", Cluster.FirmwareMode.Uefi)]),
        "The mode in which the firmware makes the one boot that the BMC is told of. Default: not said, so the BMC's.");

    public static readonly ValueKey<NetworkBoot> NetworkBoot = Shared.Value("network_boot",
        Choice.Of([("pxe", Cluster.NetworkBoot.Pxe), ("http", Cluster.NetworkBoot.Http)]),
        "Of redfish: how the firmware makes the one boot from the network; http is UEFI alone, and the BMC is told the loader's "
            + "URL where it takes one, so that DHCP need not say it. Default: pxe, and http where it has no other.");

    public static readonly KeySet All;

    static BmcKeys()
    {
        Shared.Idle("password", "write the password to a file with chmod 600, and name that in password_file");
        All = new(Own, Shared);
    }

    private static Syntax<string> UserName => Pattern.Of(
        "a user name of up to 63 letters, digits and . _ @ -", "[A-Za-z0-9_][A-Za-z0-9._@-]{0,62}");
}
