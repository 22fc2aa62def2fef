using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Bundles;
using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Model;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Bundles;

/// <summary>
/// A small data root that has everything its two nodes ask for, of every kind, and the secrets that must stay in it.
/// </summary>
internal sealed class BundleFixture : IDisposable
{
    /// <summary>In every secret, so that a copy of it would be found.</summary>
    public const string Secret = "do-not-carry-this";

    private readonly TemporaryDirectory _directory = new();

    private BundleFixture()
    {
        Directory.CreateDirectory(Bsroot.Root);
        Put("cluster-desc.yml", Description);
        Put("templates/worker.template", WorkerTemplate);
        Put("www/static/motd", "welcome\n");
        Put("bootstrapper.tar", "the program's image");
        Put("signing-keys/README", "whose keys these are");
        PutRelease("stable", "1.0.0");
        PutRelease("beta", "2.0.0");
        PutBootLoaders();
        PutBinaries();
        PutImages();
        PutSecrets();
    }

    public static string Description => """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0
        netmask: 255.255.255.0
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        domainname: lab.test
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", hostname: n2, ip: 10.10.10.12, channel: beta, template: worker.template}
        """ + "\n";

    private static string WorkerTemplate => """
        #cloud-config
        hostname: {{ Hostname }}
        coreos:
          units:
            - name: motd.service
              command: start
              content: |
                [Service]
                ExecStart=/usr/bin/curl -o /etc/motd {{ BootstrapperURL }}/static/motd
        """ + "\n";

    public Bsroot Bsroot => new(Path.Combine(_directory.Path, "bsroot"));

    /// <summary>A second one, where the bundle goes.</summary>
    public Bsroot Elsewhere => new(Path.Combine(_directory.Path, "elsewhere"));

    public static BundleFixture Create() => new();

    public string At(string name) => Path.Combine(_directory.Path, name);

    public void Put(string path, string content) => Bsroot.Write(Bsroot.At(path), content);

    public void Remove(string path) => File.Delete(Bsroot.At(path));

    public void PutRelease(string channel, string version)
    {
        var names = ReleaseFiles.Of(OperatingSystemName.Flatcar);
        foreach (var name in new[] { names.Kernel, names.Initrd, names.Image, $"{names.Image}.sig", ".fetched" })
        {
            Put($"www/{channel}/{version}/{name}", $"{name} of {version}");
        }

        Put($"www/{channel}/{version}/version.txt", $"FLATCAR_VERSION={version}\n");
        Bsroot.Link(Bsroot.At($"www/{channel}/current"), version);
    }

    /// <returns>The bundle's file.</returns>
    public async Task<string> BundleAsync(string name = "bundle.tar", string? against = null, Func<byte[], byte[]>? sign = null)
    {
        using var first = against is null ? null : BundleArchive.At(against);
        await new BundleCreation(Content(), first, sign, Unwatched.Instance)
            .RunAsync(At(name), TestContext.Current.CancellationToken);
        return At(name);
    }

    public DataRootContent Content() =>
        DataRootContent.Of(Bsroot, ClusterDescriptionReader.Read(File.ReadAllText(Bsroot.Description)).Cluster!, program: null);

    public static async Task<IReadOnlyList<string>> VerifyAsync(string bundle, params string[] bases)
    {
        using var archive = BundleArchive.At(bundle);
        try
        {
            return await new BundleCheck(archive, [.. bases.Select(BundleArchive.At)], Unwatched.Instance)
                .RunAsync(TestContext.Current.CancellationToken);
        }
        catch (InvalidDataException e)
        {
            return [e.Message];
        }
    }

    public async Task<IReadOnlyList<BundleFile>> LoadAsync(
        string bundle,
        LoadLeave leave = default,
        IProgress<FileProgress>? progress = null,
        CancellationTokenSource? stop = null,
        BundleTrust? trust = null)
    {
        using var archive = BundleArchive.At(bundle);
        var anybody = new BundleTrust(keys: [], allowUnsigned: true);
        return await new BundleLoad(Elsewhere, archive, trust ?? anybody, leave, progress ?? Unwatched.Instance)
            .RunAsync(stop?.Token ?? TestContext.Current.CancellationToken);
    }

    public static byte[] Bytes(string path) => File.ReadAllBytes(path);

    public static string Text(string path) => File.ReadAllText(path);

    /// <param name="content">Bytes of Latin-1.</param>
    public static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));
    }

    public void Dispose() => _directory.Dispose();

    private void PutBootLoaders()
    {
        foreach (var name in new[] { "undionly.kpxe", "snponly.efi", "ipxe.efi", "boot-loaders.json" })
        {
            Put($"tftpboot/{name}", name);
        }

        Bsroot.Link(Bsroot.At("tftpboot/os"), "../www");
    }

    private void PutBinaries()
    {
        var sums = new StringBuilder();
        foreach (var name in new[] { "kubelet", "kubectl", "cni-plugins-linux-amd64-v1.8.0.tgz" })
        {
            Put($"www/static/kubernetes/1.35.0/amd64/{name}", name);
            sums.Append($"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}  {name}\n");
        }

        Put("www/static/kubernetes/1.35.0/amd64/SHA256SUMS", sums.ToString());
    }

    /// <summary>Layouts, and one archive: an image in a tar file in the bundle's tar file.</summary>
    private void PutImages()
    {
        var cluster = ClusterDescriptionReader.Read(Description).Cluster!;
        foreach (var image in ContainerImages.Of(cluster))
        {
            var directory = Directory.CreateDirectory(Bsroot.At($"images/{image.Part}")).FullName;
            OciImage.WriteLayout(directory, $"{image.Upstream}", Encoding.UTF8.GetBytes(image.Part));
        }

        System.Formats.Tar.TarFile.CreateFromDirectory(
            Bsroot.At("images/pause"), Bsroot.At("images/pause.tar"), includeBaseDirectory: false);
        Directory.Delete(Bsroot.At("images/pause"), recursive: true);
    }

    private void PutSecrets()
    {
        string[] keys =
        [
            "ca.key", "etcd-ca.key", "front-proxy-ca.key", "ca-next.pem", "bootstrapper.key", "service-account.key",
            "encryption.key", "admin.token",
        ];
        string[] state =
        [
            "tls/52-54-00-00-00-01/node.key", "inventory/52-54-00-00-00-01.json", "users/admin.crt", "registry/docker/blob",
            "tmp/x", "dnsmasq/leases", "www/.lock", "www/stable/.lock",
        ];
        foreach (var path in keys.Concat(state))
        {
            Put(path, Secret);
        }
    }
}
