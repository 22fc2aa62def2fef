using System.Text;
using Bootstrapper.Bundles;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Bundles;

/// <summary>What is in a bundle, what is not, and what is proved of it.</summary>
[Trait("Category", "Slow")]
public sealed class BundleTests : IDisposable
{
    private readonly BundleFixture _fixture = BundleFixture.Create();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_bundle_of_a_complete_data_root_is_whole() =>
        Assert.Empty(await BundleFixture.VerifyAsync(await _fixture.BundleAsync()));

    [Fact]
    public async Task It_holds_no_key_no_state_and_nothing_unfinished()
    {
        var bundle = await _fixture.BundleAsync();
        Assert.Equal(-1, BundleFixture.Bytes(bundle).AsSpan().IndexOf(Encoding.UTF8.GetBytes(BundleFixture.Secret)));
        Assert.DoesNotContain(
            Tar.Names(bundle),
            name => name.EndsWith(".key", StringComparison.Ordinal) || name.Contains("pxelinux.cfg", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("www/static/client.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("templates/own.template", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n")]
    [InlineData("signing-keys/ours.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n")]
    [InlineData("signing-keys/ours.gpg", "\u0095binary")]
    public async Task A_private_key_that_lies_among_public_files_is_refused_by_name(string path, string content)
    {
        BundleFixture.Write(_fixture.Bsroot.At(path), content);
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.StartsWith($"{path} holds a private key", Assert.Single(refusal.Problems), StringComparison.Ordinal);
        Assert.False(File.Exists(_fixture.At("bundle.tar")));
    }

    [Fact]
    public async Task The_same_data_root_gives_the_same_bytes()
    {
        var (first, second) = (await _fixture.BundleAsync("first.tar"), await _fixture.BundleAsync("second.tar"));
        Assert.Equal(BundleFixture.Bytes(first), BundleFixture.Bytes(second));
    }

    [Fact]
    public async Task Its_manifest_comes_first_and_lists_every_file_by_name_with_size_and_digest()
    {
        var bundle = await _fixture.BundleAsync();
        var manifest = BundleManifest.Read(Tar.Content(bundle, BundlePath.Manifest));
        Assert.Equal(BundlePath.Manifest, Tar.Names(bundle)[0]);
        Assert.Equal(Tar.Names(bundle).Skip(1), manifest.Files.Select(file => file.Path)
            .Order(StringComparer.Ordinal).Concat(manifest.Links.Select(link => link.Path)));
        Assert.Equal(["n1", "n2"], manifest.Nodes);
        Assert.All(manifest.Files, file => Assert.Equal(file.Size, Tar.Content(bundle, file.Path).Length));
    }

    [Fact]
    public async Task An_image_that_is_named_by_its_digest_is_found_by_that()
    {
        var tool = Directory.CreateDirectory(_fixture.Bsroot.At("images/tool")).FullName;
        var digest = OciImage.WriteLayout(tool, "quay.io/tool:1", [7]);
        Describe("quay.io/tool:other", digest);
        await _fixture.BundleAsync();
        Describe("quay.io/tool:1", $"sha256:{new string('0', 64)}");
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains("quay.io/tool:1@sha256:0000", Assert.Single(refusal.Problems), StringComparison.Ordinal);

        void Describe(string image, string by) =>
            _fixture.Put("cluster-desc.yml", $"{BundleFixture.Description}images: {{tool: \"{image}@{by}\"}}\n");
    }

    [Fact]
    public async Task Of_a_channel_only_the_release_in_force_travels()
    {
        _fixture.PutRelease("stable", "3.0.0");
        var names = Tar.Names(await _fixture.BundleAsync());
        Assert.Contains("www/stable/3.0.0/version.txt", names);
        Assert.DoesNotContain("www/stable/1.0.0/version.txt", names);
    }

    [Theory]
    [InlineData("tftpboot/undionly.kpxe", "n1 (dnsmasq.conf), n2 (dnsmasq.conf)")]
    [InlineData("tftpboot/snponly.efi", "n1 (dnsmasq.conf), n2 (dnsmasq.conf)")]
    [InlineData("www/stable/current/flatcar_production_image.bin.bz2", "n1 (install.sh)")]
    [InlineData("www/stable/current/flatcar_production_image.bin.bz2.sig", "n1 (install.sh)")]
    [InlineData("tftpboot/os/beta/current/flatcar_production_pxe.vmlinuz", "n2 (tftpboot/pxelinux.cfg/01-52-54-00-00-00-02)")]
    [InlineData(
        "tftpboot/os/beta/current/flatcar_production_pxe_image.cpio.gz", "n2 (tftpboot/pxelinux.cfg/01-52-54-00-00-00-02)")]
    [InlineData("www/static/kubernetes/1.35.0/amd64/kubelet", "n1 (/opt/bootstrapper/fetch-binaries)")]
    [InlineData("www/static/kubernetes/1.35.0/amd64/SHA256SUMS", "n1 (/opt/bootstrapper/fetch-binaries)")]
    [InlineData("www/static/motd", "n2 (motd.service)")]
    public async Task What_is_missing_in_the_data_root_is_told_with_who_names_it_and_nothing_is_written(string path, string who)
    {
        _fixture.Remove(path.Replace("tftpboot/os/", "www/", StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains($"{path} is missing: needed by {who}", refusal.Problems);
        Assert.False(File.Exists(_fixture.At("bundle.tar")));
    }

    [Fact]
    public async Task An_image_that_no_archive_holds_is_told_with_every_file_that_names_it()
    {
        Directory.Delete(_fixture.Bsroot.At("images/etcd"), recursive: true);
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        var missing = Assert.Single(refusal.Problems);
        Assert.StartsWith(
            "the image bootstrapper:5000/registry.k8s.io/etcd:3.6.6-0 is missing: needed by n1 (",
            missing,
            StringComparison.Ordinal);
        Assert.Contains("/etc/kubernetes/etcd.yaml", missing, StringComparison.Ordinal);
        Assert.Contains("n2 (cluster-desc.yml, images.etcd)", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_of_the_operator_travel_with_the_images_of_their_pods_and_what_else_they_name_does_not()
    {
        _fixture.Put("cluster-desc.yml", $"{BundleFixture.Description}kubernetes: {{cni: calico}}\n");
        _fixture.Put("manifests/calico/node.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: node, annotations: {see: "https://docs.example.org/manual"}}
            spec: {containers: [{name: node, image: "quay.io/calico/node:v1"}]}

            """);
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains(
            "the image bootstrapper:5000/quay.io/calico/node:v1 is missing: needed by n1 (manifests/calico/node.yaml), "
                + "n2 (manifests/calico/node.yaml); run 'bootstrapper fetch images'",
            refusal.Problems);
        Assert.DoesNotContain(refusal.Problems, problem => problem.Contains("example.org", StringComparison.Ordinal));
        OciImage.WriteLayout(
            Directory.CreateDirectory(_fixture.Bsroot.At("images/calico")).FullName, "quay.io/calico/node:v1", [7]);
        Assert.Contains("manifests/calico/node.yaml", Tar.Names(await _fixture.BundleAsync()));
        _fixture.Put("manifests/calico/node.yaml", "a: b\n");
        Assert.Contains(
            "manifests/calico/node.yaml:1:1: error: is not an object of Kubernetes",
            Assert.Single((await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_which_a_layer_is_lost_is_missing()
    {
        var largest = new DirectoryInfo(_fixture.Bsroot.At("images/flannel/blobs/sha256")).EnumerateFiles()
            .First(file => !File.ReadAllText(file.FullName).StartsWith('{'));
        largest.Delete();
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains("ghcr.io/flannel-io/flannel:", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Environment=A=https://downloads.example.org/tool",
        "https://downloads.example.org/tool is not in the rack: needed by n2 (motd.service)")]
    [InlineData("Environment=A=http://10.10.10.1/static/none", "www/static/none is missing: needed by n2 (motd.service)")]
    [InlineData(
        "Environment=A=http://bootstrapper/static/none/$HOSTNAME",
        "there is nothing below www/static/none/: needed by n2 (motd.service)")]
    [InlineData("Environment=A=http://10.10.10.1/static/$HOSTNAME", null)]
    [InlineData("Environment=A=http://10.10.10.1/api/v1/report/me", null)]
    [InlineData(
        "Environment=A=http://n1:8080/metrics https://kubernetes.default.svc:443/ http://127.0.0.1/x http://10.96.0.1", null)]
    [InlineData("# see https://docs.example.org", null)]
    public async Task An_operators_template_is_held_to_the_same(string named, string? missing)
    {
        _fixture.Put(
            "templates/worker.template",
            BundleFixture.Text(_fixture.Bsroot.At("templates/worker.template")) + $"        {named}\n");
        if (missing is null)
        {
            await _fixture.BundleAsync();
        }
        else
        {
            Assert.Equal([missing], (await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems);
        }
    }

    [Fact]
    public async Task An_image_that_an_operators_manifest_names_must_be_there_under_our_name_for_it()
    {
        _fixture.Put("templates/worker.template", "#cloud-config\nwrite_files:\n  - path: /etc/kubernetes/manifests/own.yaml\n"
            + "    content: |\n      containers:\n        - image: quay.io/a/b:1\n");
        Assert.Equal(
            ["the image bootstrapper:5000/quay.io/a/b:1 is missing: needed by n2 (/etc/kubernetes/manifests/own.yaml); "
                + "run 'bootstrapper fetch images'"],
            (await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems);
    }

    [Fact]
    public async Task A_file_that_has_another_digest_than_nodes_are_told_is_as_good_as_missing()
    {
        _fixture.Put("www/static/kubernetes/1.35.0/amd64/kubelet", "of another release");
        var broken = Assert.Single((await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems);
        Assert.StartsWith(
            "www/static/kubernetes/1.35.0/amd64/kubelet is not what www/static/kubernetes/1.35.0/amd64/SHA256SUMS says",
            broken,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_of_a_whole_disk_is_held_against_the_digest_in_the_description()
    {
        _fixture.Put("cluster-desc.yml", BundleFixture.Description + $"os:\n  install_method: raw\n  image: {{path: "
            + $"stable/current/flatcar_production_image.bin.bz2, sha256: {new string('0', 64)}}}\n");
        var broken = Assert.Single((await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems);
        Assert.StartsWith(
            "www/stable/1.0.0/flatcar_production_image.bin.bz2 is not what cluster-desc.yml, os.image, says",
            broken,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_out_of_what_is_served_is_not_followed()
    {
        File.CreateSymbolicLink(_fixture.Bsroot.At("www/static/root-key"), "../../ca.key");
        File.CreateSymbolicLink(_fixture.Bsroot.At("www/static/passwords"), "/etc/passwd");
        Assert.DoesNotContain(Tar.Names(await _fixture.BundleAsync()), name => name.StartsWith(
            "www/static/root-key",
            StringComparison.Ordinal) || name.StartsWith("www/static/passwords", StringComparison.Ordinal));
    }
}
