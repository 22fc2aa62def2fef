using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>
/// The loader that a machine is offered by what its firmware says of itself: hand-made packets to real DHCP servers. The
/// architectures are those of RFC 4578 and of IANA's list "Processor Architecture Types".
/// </summary>
[Trait("Category", "Slow")]
public sealed class BootLoaderOfferTests : ProvisioningNetwork
{
    private const string Tftp = "10.88.0.1", Http = "http://10.88.0.1/tftpboot", Script = "http://10.88.0.1/start.ipxe";

    private static readonly Node[] Nodes =
    [
        Node(1, BootLoader.Auto),
        Node(2, BootLoader.Pxelinux),
        Node(3, BootLoader.Lpxelinux),
        Node(4, BootLoader.Grub),
        Node(5, BootLoader.Shim),
        Node(6, BootLoader.Uki),
    ];

    /// <summary>Node (9: not described), architecture, vendor class, user class, and what it is to load.</summary>
    private static readonly (int Node, int Architecture, string Class, string? User, string File)[] Offers =
    [
        (1, 0, "PXEClient", null, "undionly.kpxe"),
        (1, 6, "PXEClient", null, "ipxe-i386.efi"),
        (1, 7, "PXEClient", null, "snponly.efi"),
        (1, 9, "PXEClient", null, "snponly.efi"),
        (1, 10, "PXEClient", null, "ipxe-arm32.efi"),
        (1, 11, "PXEClient", null, "ipxe-arm64.efi"),
        (1, 15, "HTTPClient", null, $"{Http}/ipxe-i386.efi"),
        (1, 16, "HTTPClient", null, $"{Http}/snponly.efi"),
        (1, 17, "HTTPClient", null, $"{Http}/snponly.efi"),
        (1, 18, "HTTPClient", null, $"{Http}/ipxe-arm32.efi"),
        (1, 19, "HTTPClient", null, $"{Http}/ipxe-arm64.efi"),
        (1, 20, "HTTPClient", null, $"{Http}/undionly.kpxe"),
        (1, 7, "HTTPClient", null, $"{Http}/snponly.efi"), // says the number that goes with the other way to boot
        (1, 11, "HTTPClient", null, $"{Http}/ipxe-arm64.efi"),
        (1, 0, "HTTPClient", null, $"{Http}/undionly.kpxe"),
        (1, 16, "PXEClient", null, "snponly.efi"),
        (1, 19, "PXEClient", null, "ipxe-arm64.efi"),
        (1, 0x70010, "PXEClient", null, "snponly.efi"), // says both
        (1, 0x100007, "HTTPClient", null, $"{Http}/snponly.efi"),
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00000:UNDI:002001", null, "undionly.kpxe"), // says none
        (1, DhcpClient.Unnamed, "PXEClient", null, "undionly.kpxe"),
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00007:UNDI:003016", null, "snponly.efi"), // in its vendor class alone
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00006:UNDI:003016", null, "ipxe-i386.efi"),
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00011:UNDI:003016", null, "ipxe-arm64.efi"),
        (1, DhcpClient.Unnamed, "HTTPClient:Arch:00016:UNDI:003001", null, $"{Http}/snponly.efi"),
        (1, DhcpClient.Unnamed, "HTTPClient:Arch:00019:UNDI:003001", null, $"{Http}/ipxe-arm64.efi"),
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00007:UNDI:003016", "iPXE", Script),
        (1, DhcpClient.Unnamed, "PXEClient:Arch:00027:UNDI:003016", null, ""),
        (2, DhcpClient.Unnamed, "PXEClient:Arch:00000:UNDI:002001", null, "pxelinux.0"),
        (2, DhcpClient.Unnamed, "PXEClient:Arch:00007:UNDI:003016", null, "snponly.efi"),
        (4, DhcpClient.Unnamed, "PXEClient:Arch:00007:UNDI:003016", null, "grubnetx64.efi"),
        (4, DhcpClient.Unnamed, "PXEClient:Arch:00011:UNDI:003016", null, "grubnetaa64.efi"),
        (2, DhcpClient.Unnamed, "PXEClient", null, "pxelinux.0"),
        (4, DhcpClient.Unnamed, "PXEClient", null, "undionly.kpxe"),
        (4, 7, "HTTPClient", null, $"{Http}/snponly.efi"),
        (4, 11, "HTTPClient", null, $"{Http}/ipxe-arm64.efi"),
        (1, 0, "PXEClient", "iPXE", Script),
        (1, 7, "PXEClient", "iPXE", Script),
        (1, 11, "PXEClient", "iPXE", Script),
        (2, 0, "PXEClient", null, "pxelinux.0"),
        (2, 0, "PXEClient", "iPXE", "pxelinux.0"),
        (2, 7, "PXEClient", null, "snponly.efi"),
        (2, 7, "PXEClient", "iPXE", Script),
        (2, 16, "HTTPClient", null, $"{Http}/snponly.efi"),
        (3, 0, "PXEClient", null, "lpxelinux.0"),
        (4, 0, "PXEClient", null, "undionly.kpxe"),
        (4, 7, "PXEClient", null, "grubnetx64.efi"),
        (4, 11, "PXEClient", null, "grubnetaa64.efi"),
        (4, 16, "HTTPClient", null, $"{Http}/snponly.efi"),
        (4, 19, "HTTPClient", null, $"{Http}/ipxe-arm64.efi"),
        (5, 7, "PXEClient", null, "shimx64.efi"),
        (5, 9, "PXEClient", null, "shimx64.efi"),
        (5, 16, "HTTPClient", null, $"{Http}/shimx64.efi"),
        (5, 7, "HTTPClient", null, $"{Http}/shimx64.efi"),
        (5, DhcpClient.Unnamed, "PXEClient:Arch:00007:UNDI:003016", null, "shimx64.efi"),
        (5, DhcpClient.Unnamed, "HTTPClient:Arch:00016:UNDI:003001", null, $"{Http}/shimx64.efi"),
        (5, 7, "PXEClient", "iPXE", "shimx64.efi"),
        (5, 0, "PXEClient", null, ""), // what is not signed is given to nobody who asked for Secure Boot
        (5, 0, "PXEClient", "iPXE", ""),
        (5, 11, "PXEClient", null, ""),
        (5, 20, "HTTPClient", null, ""),
        (5, 19, "HTTPClient", null, ""),
        (6, 7, "PXEClient", null, "uki.efi"),
        (6, 7, "PXEClient", "iPXE", "uki.efi"),
        (6, 16, "HTTPClient", null, $"{Http}/uki.efi"),
        (6, DhcpClient.Unnamed, "HTTPClient:Arch:00016:UNDI:003001", null, $"{Http}/uki.efi"),
        (6, 0, "PXEClient", null, ""),
        (6, 11, "PXEClient", "iPXE", ""),
        (6, 19, "HTTPClient", null, ""),
        (9, 0, "PXEClient", null, "undionly.kpxe"),
        (9, 7, "PXEClient", null, "snponly.efi"),
        (9, 11, "PXEClient", null, "ipxe-arm64.efi"),
        (9, 16, "HTTPClient", null, $"{Http}/snponly.efi"),
        (9, 19, "HTTPClient", null, $"{Http}/ipxe-arm64.efi"),
        (9, 7, "PXEClient", "iPXE", Script),
    ];

    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void Our_server_offers_each_kind_of_firmware_what_it_can_run(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Nodes)));
        AssertOffers();
        AssertNothingToBoot();
    }

    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void Machines_that_are_not_described_get_the_loader_of_the_cluster(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Nodes) with { BootLoader = BootLoader.Pxelinux }));
        Assert.Equal("pxelinux.0", Discover(new DhcpClient(Mac(9), 0)).File);
        Assert.Equal("undionly.kpxe", Discover(new DhcpClient(Mac(1), 0)).File);
    }

    /// <summary>UEFI asks twice: it hears that there is a boot server, and asks that on port 4011.</summary>
    [Fact]
    public void Beside_another_server_our_dnsmasq_gives_no_address_and_offers_the_same()
    {
        RunDnsmasq(Cluster(DhcpMode.Proxy, Nodes));
        foreach (var offer in Offers.Where(offer => offer.Architecture != DhcpClient.Unnamed)) // dnsmasq then leaves these alone
        {
            var client = Client(offer);
            var answer = Discover(client);
            Assert.Equal("0.0.0.0", answer.YourAddress.ToString());
            Assert.Equal(offer.Class, answer.VendorClass[..offer.Class.Length]);
            var isReferred = offer.Class == "PXEClient" && offer.File.EndsWith(".efi", StringComparison.Ordinal);
            Assert.True(
                offer.Class == "HTTPClient" || offer.File.Length == 0 || answer.NextServer.ToString() == Tftp,
                $"{offer} is from {answer.NextServer}");
            Assert.Equal((offer, offer.File), (offer, isReferred ? AskBootServer(client).File : answer.File));
        }
    }

    [Theory]
    [InlineData(BootLoader.Auto)]
    [InlineData(BootLoader.Pxelinux)]
    [InlineData(BootLoader.Grub)]
    [InlineData(BootLoader.Shim)]
    [InlineData(BootLoader.Uki)]
    public void A_dnsmasq_of_the_operators_own_offers_the_same_with_our_lines(object standard)
    {
        var snippet = Write(
            "snippet",
            Snapshot(Cluster(DhcpMode.Off, Nodes) with { BootLoader = (BootLoader)standard }).DhcpSnippet("dnsmasq").Content);
        Run(
            "dnsmasq",
            "--keep-in-foreground",
            "--log-facility=-",
            "--user=root",
            "--pid-file=",
            "--port=0",
            "--interface=eth0",
            "--dhcp-authoritative",
                "--dhcp-range=10.88.0.100,10.88.0.199,255.255.255.0",
                $"--dhcp-leasefile={Bsroot.At("leases")}",
                $"--conf-file={snippet}");
        AssertOffers((BootLoader)standard);
        AssertNothingToBoot();
    }

    [Theory]
    [InlineData(BootLoader.Auto)]
    [InlineData(BootLoader.Pxelinux)]
    [InlineData(BootLoader.Grub)]
    [InlineData(BootLoader.Shim)]
    [InlineData(BootLoader.Uki)]
    public void The_ISC_server_offers_the_same_with_our_lines(object standard)
    {
        var snippet = Snapshot(Cluster(DhcpMode.Off, Nodes) with { BootLoader = (BootLoader)standard })
            .DhcpSnippet("isc").Content;
        var leases = Write("leases", "");
        var conf = Write("dhcpd.conf", $$"""
            authoritative;
            ping-check false;
            subnet 10.88.0.0 netmask 255.255.255.0 { range 10.88.0.100 10.88.0.199; }
            {{snippet}}
            """);
        Run("dhcpd", "-f", "-d", "-cf", conf, "-lf", leases, "-pf", Bsroot.At("pid"), "eth0");
        AssertOffers((BootLoader)standard);
        AssertNothingToBoot();
    }

    [Theory]
    [InlineData(BootLoader.Auto)]
    [InlineData(BootLoader.Pxelinux)]
    [InlineData(BootLoader.Grub)]
    [InlineData(BootLoader.Shim)]
    [InlineData(BootLoader.Uki)]
    public void Kea_offers_the_same_with_our_lines(object standard)
    {
        var snippet = Snapshot(Cluster(DhcpMode.Off, Nodes) with { BootLoader = (BootLoader)standard })
            .DhcpSnippet("kea").Content;
        var conf = Write("kea.conf", $$"""
            { "Dhcp4": {
              "interfaces-config": { "interfaces": ["eth0"] },
              "lease-database": { "type": "memfile", "persist": false },
              "subnet4": [ { "subnet": "10.88.0.0/24", "pools": [ { "pool": "10.88.0.100-10.88.0.199" } ] } ],
              {{snippet}}
            } }
            """);
        Run("env", $"KEA_PIDFILE_DIR={Bsroot.Root}", $"KEA_LOCKFILE_DIR={Bsroot.Root}", "kea-dhcp4", "-c", conf);
        AssertOffers((BootLoader)standard);
        AssertNothingToBoot();
    }

    private void AssertOffers(BootLoader standard = BootLoader.Auto)
    {
        foreach (var offer in Offers)
        {
            var expected = offer.Node == 9 ? Standard(offer, standard) ?? offer.File : offer.File;
            var answer = Discover(Client(offer));
            Assert.Equal((offer, expected), (offer, answer.File));
            Assert.NotEqual("0.0.0.0", answer.YourAddress.ToString());
            if (expected.StartsWith(Http, StringComparison.Ordinal))
            {
                Assert.Equal("HTTPClient", answer.VendorClass);
            }
            else if (expected != Script && expected.Length > 0)
            {
                Assert.Equal((offer, Tftp), (offer, answer.NextServer.ToString()));
            }
        }
    }

    /// <summary>What machines that are not described get where the cluster wants another loader than iPXE.</summary>
    private static string? Standard(
        (int Node, int Architecture, string Class, string? User, string File) offer, BootLoader loader) =>
        (loader, offer.Architecture) switch
        {
            (BootLoader.Pxelinux, 0) => "pxelinux.0",
            (BootLoader.Grub, 7) => "grubnetx64.efi",
            (BootLoader.Grub, 11) => "grubnetaa64.efi",
            (BootLoader.Shim, 7) => "shimx64.efi",
            (BootLoader.Shim, 16) => $"{Http}/shimx64.efi",
            (BootLoader.Uki, 7) => "uki.efi",
            (BootLoader.Uki, 16) => $"{Http}/uki.efi",
            (BootLoader.Shim or BootLoader.Uki, _) => "",
            _ => null,
        };

    private void AssertNothingToBoot()
    {
        var answer = Discover(new DhcpClient(Mac(9)));
        Assert.Equal("", answer.File);
        Assert.NotEqual("0.0.0.0", answer.YourAddress.ToString());
    }

    private static DhcpClient Client((int Node, int Architecture, string Class, string? User, string File) offer) =>
        new(Mac(offer.Node), offer.Architecture, offer.Class, offer.User);
}
