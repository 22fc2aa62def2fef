using System.Runtime.CompilerServices;
using Bootstrapper.Backups;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Backups;

/// <summary>A data root of the program itself: whatever lies in it is taken, or named among what is left out.</summary>
[Trait("Category", "Slow")]
public sealed class LeftOutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What nobody can get again, or would be missed.</summary>
    private static readonly string[] Needed =
    [
        "cluster-desc.yml", "ca.key", "ca.crt", "etcd-ca.key", "front-proxy-ca.key", "service-account.key", "encryption.key",
        "bootstrapper.key", "bootstrapper.crt", "admin.token", "operators/", "templates/", "manifests/", "matchbox/groups/",
        "inventory/", "inventory/.git/HEAD", "inventory/.git/objects/", "inventory/.git/refs/", "timeline/", "tls/", "users/",
        "dnsmasq/leases", "enrolled.json", "sessions.json", "image-digests.json", "images/images.lock.json", "signing-keys/",
        "bundle-keys/", "bundle.json", "etcd/", "config-signing.key", "secureboot/db.key", "secureboot/db.crt",
        "secureboot/db.der", "pxe_hosts.json", "ca-next.pem", "ca-old.crt", "cloud-config.template", "www/static/motd",
        "tftpboot/yours.efi", "nobody/thought/of.this", ".hidden", "registry-token.key", "applied/",
    ];

    [Fact]
    public async Task Every_file_is_taken_or_named()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)), StandInRelease.Put);
        using (var node = daemon.From("127.0.0.2"))
        {
            await node.GetStringAsync($"/tls/{Sample.Node(1).Mac}/node.pem", Cancellation);
            using var report = await node.PostAsync(
                $"/api/v1/report/{Sample.Node(1).Mac}",
                new StringContent("state=running", null, "application/x-www-form-urlencoded"),
                Cancellation);
        }

        await Eventually.True(() => File.Exists(daemon.Bsroot.At("inventory/.git/refs/heads/main")));
        await daemon.StopAsync();
        var bsroot = daemon.Bsroot;
        var filled = Fill(bsroot).ToList();
        var taken = await PathsAsync(bsroot);
        Assert.Equal(taken.Distinct(StringComparer.Ordinal), taken);
        Assert.All(Needed, path => Assert.Contains(
            taken, file => path.EndsWith('/') ? file.StartsWith(path, StringComparison.Ordinal) : file == path));

        var leftOut = new LeftOut(bsroot);
        var forgotten = FilesBelow(bsroot, "").Except(taken, StringComparer.Ordinal)
            .Where(file => !Ways(file).Any(way => leftOut.Of(way) is not null));
        Assert.Empty(forgotten);
        Assert.DoesNotContain(taken, file => Ways(file).Any(way => leftOut.Of(way) is not null));
        Assert.DoesNotContain(taken, file => new[] { "www/stable/", "registry/", "tmp/" }.Any(
            tree => file.StartsWith(tree, StringComparison.Ordinal)));
        filled.ForEach(File.Delete);
        await daemon.StartAsync();
    }

    [Theory]
    [InlineData("www/stable/4593.2.5", true)]
    [InlineData("www/stable/current", true)]
    [InlineData("www/app/current", false)]
    [InlineData("www/app/1.2.3", false)]
    [InlineData("www/static", false)]
    [InlineData("www/static/motd", false)]
    [InlineData("www/disk.img.xz", true)]
    [InlineData("images/a.tar", true)]
    [InlineData("images/images.lock.json", false)]
    [InlineData("tls/52-54-00-00-00-01/.node.crt.abc.partial", true)]
    [InlineData("tftpboot/ipxe.efi", false)]
    [InlineData("inventory/.git/refs/heads/main.lock", true)]
    [InlineData("inventory/.git/objects/pack/tmp_pack_x", true)]
    public void What_is_left_out_is_told_by_its_name(string path, bool isLeftOut)
    {
        using var directory = new TemporaryDirectory();
        var bsroot = new Bsroot(directory.Path);
        StandInRelease.Put(bsroot);
        Bsroot.Write(bsroot.At("www/app/1.2.3/program"), "the operator's");
        Bsroot.Link(bsroot.At("www/app/current"), "1.2.3");
        Assert.Equal(isLeftOut, new LeftOut(bsroot).Of(path) is not null);
    }

    [Fact]
    public void The_page_for_operators_lists_the_same()
    {
        var page = File.ReadAllText(Path.Combine(Top(), "docs", "backup.md"));
        Assert.All(LeftOut.Rules, rule => Assert.Contains($"`{rule.Pattern}`", page, StringComparison.Ordinal));
    }

    /// <returns>What the program itself has not made.</returns>
    private static IEnumerable<string> Fill(Bsroot bsroot)
    {
        foreach (var name in Needed.Concat(["registry/docker/blob", "tmp/bundle/x", "address.json", "registry.yml"]))
        {
            var file = bsroot.At(name.EndsWith('/') ? $"{name}a" : name);
            if (!Path.Exists(file))
            {
                Bsroot.Write(file, "");
                yield return file;
            }
        }
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(Bsroot bsroot)
    {
        var paths = new List<string>();
        await foreach (var file in new DataRootFiles(bsroot, TimeProvider.System).TakeAsync(Cancellation))
        {
            paths.Add(file.Path);
            file.Dispose();
        }

        return paths;
    }

    /// <summary>The file, and the directories that it lies in.</summary>
    private static IEnumerable<string> Ways(string file) => Enumerable.Range(0, file.Length)
        .Where(at => file[at] == '/').Select(at => file[..at]).Append(file);

    private static IEnumerable<string> FilesBelow(Bsroot bsroot, string directory) =>
        Directory.EnumerateFiles(bsroot.At(directory), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(bsroot.Root, file));

    private static string Top([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..");
}
