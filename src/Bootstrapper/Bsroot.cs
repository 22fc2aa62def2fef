using Bootstrapper.Cluster;

namespace Bootstrapper;

/// <summary>The data root that the operator mounts: every path in it, named once.</summary>
/// <param name="Root">Absolute; usually <c>/bsroot</c>.</param>
internal sealed partial record Bsroot(string Root)
{
    public const string DescriptionName = "cluster-desc.yml";

    private readonly string? _description;

    /// <summary>Where the description and the files beside it that an operator writes are read from.</summary>
    private string? EditedRoot { get; init; }

    public const string MatchboxName = "matchbox";

    /// <summary>cluster-desc.yml in it, or the file that an operator named, wherever that is.</summary>
    public string Description
    {
        get => _description ?? Edited(DescriptionName);
        init => _description = value;
    }

    public string CaCertificate => ClusterRoot.Certificate;

    public string CaKey => ClusterRoot.Key;

    /// <summary>Signs for the API server, its clients, the kubelets, and our own HTTPS.</summary>
    public RootPaths ClusterRoot => RootAt("ca");

    /// <summary>Signs for etcd and its clients.</summary>
    public RootPaths EtcdRoot => RootAt("etcd-ca");

    /// <summary>Signs for the one client that extension API servers trust.</summary>
    public RootPaths FrontProxyRoot => RootAt("front-proxy-ca");

    /// <summary>With it every control-plane node signs the tokens of service accounts; 0600.</summary>
    public string ServiceAccountKey => At("service-account.key");

    /// <summary>With it API servers encrypt what they store in etcd; 0600.</summary>
    public string EncryptionKey => At("encryption.key");

    public string FrontCertificate => At("bootstrapper.crt");

    public string FrontKey => At("bootstrapper.key");

    public string FrontRequest => At("bootstrapper.csr");

    public string RegistryCertificate => At("registry.crt");

    public string RegistryKey => At("registry.key");

    /// <summary>By it the registry believes our tokens.</summary>
    public string TokenCertificate => At("registry-token.crt");

    /// <summary>Signs the registry's tokens; 0600.</summary>
    public string TokenKey => At("registry-token.key");

    /// <summary>Leaves issued to nodes; key files inside are 0600.</summary>
    public string Tls => At("tls");

    /// <summary>Certificates issued to operators; never a key.</summary>
    public string Users => At("users");

    /// <summary>Signs what machines with secure_boot: uki start; 0600, and used by docker/uki.sh alone.</summary>
    public string SecureBootKey => At("secureboot/db.key");

    /// <summary>Whom such machines trust.</summary>
    public string SecureBootCertificate => At("secureboot/db.crt");

    /// <summary>The same in DER, as the menus of firmware take it.</summary>
    public string SecureBootDer => At("secureboot/db.der");

    public string DnsmasqConf => At("dnsmasq.conf");

    public string DnsmasqLeases => At("dnsmasq/leases");

    public string RegistryConf => At("registry.yml");

    public string RegistryStorage => At("registry");

    /// <summary>
    /// Container images to load into the registry: archives of the operator, and what <c>fetch images</c> brought.
    /// </summary>
    public string Images => At("images");

    /// <summary>An OCI image layout with every image that <c>fetch images</c> brought.</summary>
    public string FetchedImages => At("images/upstream");

    /// <summary>Which images those are, by digest.</summary>
    public string ImageLock => At("images/images.lock.json");

    /// <summary>By which digests nodes are told of images.</summary>
    public string ImageDigests => At("image-digests.json");

    public string TftpRoot => At("tftpboot");

    /// <summary>Files that anyone on the network may fetch.</summary>
    public string Www => At("www");

    public string SigningKeys => At("signing-keys");

    /// <summary>auto-install's and sextant's name for a vendor's key.</summary>
    public const string CoreOSKeyName = "CoreOS_Image_Signing_Key.asc";

    /// <summary>Where auto-install had the key that releases are checked with; it counts like those in signing-keys/.</summary>
    public string CoreOSSigningKey => At(CoreOSKeyName);

    /// <summary>Where a bundle has it.</summary>
    public string KeptCoreOSSigningKey => Path.Combine(SigningKeys, CoreOSKeyName);

    /// <summary>OpenPGP public keys of those whose bundles are loaded here; no bundle brings one.</summary>
    public string BundleKeys => At("bundle-keys");

    /// <summary>Which signed bundle was loaded last.</summary>
    public string LoadedBundle => At("bundle.json");

    /// <summary>One JSON file per node.</summary>
    public string Inventory => At("inventory");

    /// <summary>What was seen of each machine.</summary>
    public string Timeline => At("timeline");

    /// <summary>Machines that operators took in beside the description.</summary>
    public string Enrolled => At(EnrolledNode.FileName);

    /// <summary>What etcd members told each other through us, a file for each cluster.</summary>
    public string EtcdDiscovery => At("etcd");

    /// <summary>The token of the operator who may do everything.</summary>
    public string AdminToken => At("admin.token");

    /// <summary>Where the bootstrapper that runs on it listens.</summary>
    public string DaemonAddress => At("address.json");

    /// <summary>Who has signed in with a browser; digests alone, 0600.</summary>
    public string Sessions => At("sessions.json");

    /// <summary>Tokens of other operators, in files named <c>name.role</c>.</summary>
    public string Operators => At("operators");

    /// <summary>
    /// Operators' templates; <c>cloud-config.template</c> may also lie in the root itself, where sextant had it.
    /// </summary>
    public string Templates => Edited("templates");

    /// <summary>Kubernetes objects that operators bring, in a folder for each thing that they are for.</summary>
    public string Manifests => Edited("manifests");

    /// <summary>A matchbox data directory, served as it is; there only where an operator mounts one.</summary>
    public string Matchbox => At(MatchboxName);

    /// <summary>pxe_coreos' list of hosts; there only where an operator brings one.</summary>
    public string PxeHosts => Edited(Cluster.Reading.PxeHosts.FileName);

    /// <summary>
    /// An OpenPGP secret key, as <c>gpg --export-secret-keys</c> writes it: signs configs that are asked for with .sig or .asc.
    /// </summary>
    public string ConfigSigningKey => At("config-signing.key");

    /// <summary>Room for unfinished work of one part of the program, which finds leftovers in it when it starts.</summary>
    public string Scratch(string part) => At($"tmp/{part}");

    /// <summary>What operators wrote as it was applied last, where a saved description is held until it is.</summary>
    public string Applied => At("applied");

    /// <summary>The same data root, with the description and the files beside it out of another directory.</summary>
    public Bsroot WithEdited(string directory) => this with
    {
        Description = Path.Combine(directory, DescriptionName),
        EditedRoot = directory,
    };

    /// <summary>A file that operators write, by its path in the data root.</summary>
    public string Edited(string relativePath) => Path.Combine(EditedRoot ?? Root, relativePath);

    public string At(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>What the boot loader asks for first: its own file, named after the hardware type and the MAC address.</summary>
    public static string PxelinuxFile(MacAddress mac) => $"tftpboot/pxelinux.cfg/01-{mac.ToHyphenated()}";

    private RootPaths RootAt(string name) =>
        new(At($"{name}.crt"), At($"{name}.key"), At($"{name}-next.pem"), At($"{name}-old.crt"));
}

/// <summary>The files of one root.</summary>
/// <param name="Key">0600.</param>
/// <param name="Next">Key and certificate of the root that will follow; there only while it is made known. 0600.</param>
/// <param name="Old">Certificate of the root before; there only while it is still trusted.</param>
internal sealed record RootPaths(string Certificate, string Key, string Next, string Old);
