using System.Text;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests;

public sealed class BsrootTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    private static Task WriteAsync(string path, string content, Func<Task>? meanwhile = null) =>
        Bsroot.WriteAsync(path, Bsroot.SecretFile, async file =>
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(content), Cancellation);
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
        });

    [Fact]
    public void A_data_root_is_taken_by_one_at_a_time()
    {
        using (Bsroot.Take())
        {
            var refused = Assert.Throws<BsrootTakenException>(Bsroot.Take);
            Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
        }

        using var again = Bsroot.Take();
    }

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_told_and_left_alone()
    {
        Directory.CreateDirectory(Bsroot.AdminToken);
        var refused = Assert.Throws<IOException>(() => Bsroot.Write(Bsroot.AdminToken, "token"));
        Assert.StartsWith($"{Bsroot.AdminToken} is a directory", refused.Message, StringComparison.Ordinal);
        Assert.Equal([Bsroot.AdminToken], Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Two_that_write_one_file_do_not_touch_each_others_and_the_later_one_stays()
    {
        var file = Path.Combine(_directory.Path, "out");
        await WriteAsync(file, "first", () => WriteAsync(file, "second"));
        Assert.Equal("first", await File.ReadAllTextAsync(file, Cancellation));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(file));
        await Assert.ThrowsAsync<InvalidDataException>(
            () => WriteAsync(file, "third", () => throw new InvalidDataException("full")));
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    /// <summary>Of anybody who may write in the directory.</summary>
    [Fact]
    public async Task What_lies_where_a_file_might_be_written_is_not_written_to()
    {
        var (file, victim) = (Path.Combine(_directory.Path, "out"), Path.Combine(_directory.Path, "victim"));
        await File.WriteAllTextAsync(victim, "kept", Cancellation);
        File.CreateSymbolicLink(Path.Combine(_directory.Path, ".out.partial"), victim);
        await WriteAsync(file, "content");
        Assert.Equal("kept", await File.ReadAllTextAsync(victim, Cancellation));
        Assert.Equal("content", await File.ReadAllTextAsync(file, Cancellation));
    }

    [Fact]
    public async Task What_a_kill_left_of_a_large_file_goes_a_day_later()
    {
        var (today, before, of) = (".out.abcdefgh.ijk.partial", ".out.lmnopqrs.tuv.partial", ".outer.lmnopqrs.tuv.partial");
        foreach (var name in new[] { today, before, of })
        {
            await File.WriteAllTextAsync(Path.Combine(_directory.Path, name), "half", Cancellation);
        }

        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, before), new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, of), new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await WriteAsync(Path.Combine(_directory.Path, "out"), "content");
        Assert.Equal(
            [today, of, "out"],
            Directory.EnumerateFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_no_plain_file_is_not_replaced()
    {
        await RealProgram.RunAsync("mkfifo", [Path.Combine(_directory.Path, "pipe")]);
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "link"), "nowhere");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "directory"));
        foreach (var (name, what) in new[]
        {
            ("pipe", "a pipe"), ("link", "a link to nowhere"), ("directory", "a directory"), ("/dev/null", "a device"),
        })
        {
            var refused = await Assert.ThrowsAsync<IOException>(() => WriteAsync(Path.Combine(_directory.Path, name), ""));
            Assert.Contains($"is {what}, and a file would take its place", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Of an earlier version, too, where everybody on the host could read what is noted of machines.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_else_on_the_host_looks_into_the_inventory(bool isThere)
    {
        if (isThere)
        {
            Directory.CreateDirectory(Bsroot.Inventory);
        }

        Bsroot.Take().Dispose();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Bsroot.Inventory));
    }

    [Theory]
    [InlineData(".ca.key.abcdefgh.ijk.partial")]
    [InlineData("inventory/.52-54-00-00-00-01.json.abcdefgh.ijk.partial")]
    [InlineData("tftpboot/pxelinux.cfg/.default.abcdefgh.ijk.partial")]
    [InlineData("tls/52-54-00-00-00-01/.node.pem.abcdefgh.ijk.partial")]
    [InlineData("dnsmasq/hosts.d/.nodes.abcdefgh.ijk.partial")]
    [InlineData("etcd/.0123456789abcdef.abcdefgh.ijk.partial")]
    [InlineData("users/.1a2b.crt.abcdefgh.ijk.partial")]
    [InlineData("tmp/preload/auth/.auth.json.abcdefgh.ijk.partial")]
    [InlineData("tmp/preload/auth/auth.json")]
    public void What_a_predecessor_was_writing_when_it_was_killed_goes(string path)
    {
        Bsroot.Write(Bsroot.At(path), "half of i");

        Bsroot.Take().Dispose();

        Assert.False(File.Exists(Bsroot.At(path)));
    }

    [Fact]
    public void What_is_removed_is_gone_whether_it_is_a_file_a_directory_or_nothing()
    {
        Bsroot.Write(Bsroot.At("tls/52-54-00-00-00-01/node.pem"), "one");
        Bsroot.Write(Bsroot.At("inventory/52-54-00-00-00-01.json"), "two");

        foreach (var path in new[] { "tls/52-54-00-00-00-01", "inventory/52-54-00-00-00-01.json", "no/such/file" })
        {
            Bsroot.Remove(Bsroot.At(path));
            Assert.False(Path.Exists(Bsroot.At(path)));
        }

        Assert.True(Directory.Exists(Bsroot.Tls));
    }

    [Theory]
    [InlineData("inventory/52-54-00-00-00-01.json")]
    [InlineData("tftpboot/.mine")]
    [InlineData("www/stable/.image.abcdefgh.ijk.partial")]
    public void What_is_whole_or_not_ours_stays(string path)
    {
        Bsroot.Write(Bsroot.At(path), "all of it");
        Directory.CreateDirectory(Bsroot.TftpRoot);
        File.CreateSymbolicLink(Bsroot.At("tftpboot/os"), "../www");

        Bsroot.Take().Dispose();

        Assert.True(File.Exists(Bsroot.At(path)));
    }
}
