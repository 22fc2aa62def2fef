using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Services;

/// <summary>
/// The loader that DHCP names to each machine, for whichever DHCP server: the templates of all of them are given the same.
/// </summary>
/// <param name="hasTags">
/// Whether dnsmasq tells networks apart by tags of ours; one that we do not configure leads all machines to the main address.
/// </param>
internal sealed class DhcpBoot(ClusterDescription cluster, bool hasTags)
{
    public string Server => cluster.Bootstrapper.ToString();

    public string IpxeScript => Urls.IpxeScript(cluster);

    /// <summary>
    /// What dnsmasq tells machines of each network, where not all reach us at the same address; else of all networks.
    /// </summary>
    public IReadOnlyList<PlaceModel> Places => cluster.OwnAddresses.Count == 1 || !hasTags
        ? [PlaceOf(cluster, tag: null)]
        : [.. cluster.Networks.Select(network => PlaceOf(cluster.SeenFrom(network), $"tag:{DnsmasqConf.TagOf(network)},"))];

    /// <summary>Whether dnsmasq itself gives the addresses, or adds to what another server gives.</summary>
    public bool Proxy => cluster.Dhcp.Mode == DhcpMode.Proxy;

    public IReadOnlyList<FirmwareModel> Firmware => [.. Model.Firmware.All.Select(ModelOf)];

    /// <summary>The loaders other than iPXE, for the nodes that want them.</summary>
    public IReadOnlyList<ChoiceModel> Choices => [.. LoaderChoice.All.Select(choice => new ChoiceModel(
        choice.Name,
        LoaderChoice.Of(choice.Loader)!.Name,
        ModelOf(choice.Firmware),
        choice.File,
        choice.IsSigned,
        $"{Urls.Loaders(cluster)}/{choice.File}",
        choice.Loader == cluster.BootLoader,
        Macs(node => node.BootLoader == choice.Loader),
        Macs(node => node.BootLoader != choice.Loader)))];

    /// <summary>Name of the choice for machines that the description does not name; none for iPXE.</summary>
    public string? Default => LoaderChoice.Of(cluster.BootLoader)?.Name;

    /// <summary>
    /// Each node, for a server that does not know them, where some node or the cluster wants another loader than iPXE.
    /// </summary>
    public IReadOnlyList<object>? Nodes => cluster.Nodes.All(node => LoaderChoice.Of(node.BootLoader) is null) && Default is null
        ? null
        : [.. cluster.Nodes.Select(node =>
            new { Mac = node.Mac.ToString(), Loader = LoaderChoice.Of(node.BootLoader)?.Name ?? "auto" })];

    private static PlaceModel PlaceOf(ClusterDescription seen, string? tag) =>
        new(tag, seen.Bootstrapper.ToString(), Urls.IpxeScript(seen), Urls.Loaders(seen));

    private FirmwareModel ModelOf(Firmware firmware) => new(
        firmware.Name,
        [.. firmware.Architectures.Select(number => new ClientArchitecture(number))],
        Proxy && firmware.IsUefi,
        firmware.Loader,
        $"{Urls.Loaders(cluster)}/{firmware.Loader}");

    private IReadOnlyList<string>? Macs(Func<Node, bool> wanted) =>
        cluster.Nodes.Where(wanted).Select(node => node.Mac.ToString()).ToList().OrNull();
}

/// <summary>Us as the machines of a network reach us.</summary>
/// <param name="Tag">What dnsmasq tells them by, with a comma; <c>null</c> for all.</param>
/// <param name="Loaders">URL of the directory of the boot loaders.</param>
internal sealed record PlaceModel(string? Tag, string Server, string IpxeScript, string Loaders);

/// <param name="Referred">
/// Whether it is only told that there is a boot server, and then asks that: UEFI beside another DHCP server.
/// </param>
/// <param name="File">A name for TFTP.</param>
/// <param name="Url">The same file, for firmware that boots over HTTP.</param>
internal sealed record FirmwareModel(
    string Name, IReadOnlyList<ClientArchitecture> Architectures, bool Referred, string File, string Url);

/// <summary>A client system architecture in the notations of the DHCP servers.</summary>
internal sealed record ClientArchitecture(int Number)
{
    /// <summary>Two bytes for the ISC server.</summary>
    public string Bytes => string.Create(CultureInfo.InvariantCulture, $"{Number >> 8:x2}:{Number & 0xff:x2}");

    /// <summary>As firmware says it in its vendor class, behind <c>PXEClient:Arch:</c> or <c>HTTPClient:Arch:</c>.</summary>
    public string Digits => Number.ToString("d5", CultureInfo.InvariantCulture);

    /// <summary>Two bytes for Kea.</summary>
    public string Hex => string.Create(CultureInfo.InvariantCulture, $"0x{Number:x4}");
}

/// <param name="Tag">What nodes have that want it.</param>
/// <param name="IsSigned">As <see cref="LoaderChoice.IsSigned"/>.</param>
/// <param name="Url">Of <paramref name="File"/>, for firmware that boots over HTTP.</param>
/// <param name="IsDefault">Whether machines that are not described get it too.</param>
/// <param name="Macs">Of the nodes that want it.</param>
/// <param name="Others">Of the other nodes.</param>
internal sealed record ChoiceModel(
    string Name,
    string Tag,
    FirmwareModel Firmware,
    string File,
    bool IsSigned,
    string Url,
    bool IsDefault,
    IReadOnlyList<string>? Macs,
    IReadOnlyList<string>? Others)
{
    public bool Referred => Firmware.Referred;

    public string? IscCondition => Condition(mac => $"substring(hardware, 1, 6) = {mac}");

    public string? KeaCondition => Condition(mac => $"pkt4.mac == 0x{mac.Replace(":", "", StringComparison.Ordinal)}");

    /// <summary>Whether any machine gets it.</summary>
    public bool IsUsed => IsDefault || Macs is not null;

    /// <summary>What must be true beside the firmware's kind; both servers spell "and", "or" and "not" alike.</summary>
    private string? Condition(Func<string, string> equals) => (IsDefault, Others) switch
    {
        (false, _) => $" and ({string.Join(" or ", Macs?.Select(equals) ?? [])})",
        (true, null) => null,
        (true, { } others) => $" and not ({string.Join(" or ", others.Select(equals))})",
    };
}
