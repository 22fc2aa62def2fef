using System.Formats.Tar;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Backups;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Backups;

/// <summary>A data root as one file, and back.</summary>
[Trait("Category", "Slow")]
public sealed class BackupTests : IDisposable
{
    private readonly BackupFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_comes_back_is_what_was_there_with_its_modes_and_times()
    {
        Bsroot.Write(_fixture.Bsroot.At("ca.key"), "the key", Bsroot.SecretFile);
        _fixture.Put("nobody/thought/of.this", "kept");
        Directory.CreateDirectory(_fixture.Bsroot.At("nobody/was/here"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Bsroot.Write(_fixture.Bsroot.At("ca-next.pem"), "to be used a while after it was written", Bsroot.SecretFile);
        File.SetLastWriteTimeUtc(_fixture.Bsroot.At("ca-next.pem"), new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        var backup = await _fixture.BackUpAsync();
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(backup));
        Assert.Equal(["backup.tar.zst", "bsroot"], Names(_fixture.At("")));

        var (head, manifest) = await BackupFixture.VerifyAsync(backup);
        Assert.Equal("kubernetes", head.Cluster);
        await _fixture.RestoreAsync(backup);
        var restored = manifest.Files.Select(file => file.Path).ToList();
        Assert.Equal(restored, FilesBelow(_fixture.Elsewhere).Where(file => file != ".lock"));
        Assert.All(restored, path =>
        {
            var (was, now) = (_fixture.Bsroot.At(path), _fixture.Elsewhere.At(path));
            Assert.Equal(File.ReadAllBytes(was), File.ReadAllBytes(now));
            Assert.Equal(File.GetUnixFileMode(was), File.GetUnixFileMode(now));
            Assert.Equal(File.GetLastWriteTimeUtc(was), File.GetLastWriteTimeUtc(now));
        });
        Assert.All(manifest.Directories.Where(directory => directory.Path.Length > 0), directory => Assert.Equal(
            Directory.GetLastWriteTimeUtc(_fixture.Bsroot.At(directory.Path)),
            Directory.GetLastWriteTimeUtc(_fixture.Elsewhere.At(directory.Path))));
        Assert.Contains("nobody/thought/of.this", restored);
        Assert.Contains("ca.key", restored);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_fixture.Elsewhere.At("nobody/was/here")));
    }

    [Fact]
    public async Task What_a_link_leads_to_is_taken_and_sockets_and_pipes_are_not()
    {
        var beside = Directory.CreateDirectory(_fixture.At("beside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(beside, "rack.template"), "from git", Cancellation);
        Directory.Delete(_fixture.Bsroot.Templates, recursive: true);
        Directory.CreateSymbolicLink(_fixture.Bsroot.Templates, beside);
        Directory.CreateDirectory(_fixture.Bsroot.At("around"));
        Directory.CreateSymbolicLink(_fixture.Bsroot.At("around/again"), "..");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_fixture.Bsroot.At("control.sock")));
        await RealProgram.RunAsync("mkfifo", [_fixture.Bsroot.At("a.pipe")]);

        await _fixture.RestoreAsync(await _fixture.BackUpAsync());
        Assert.Null(new FileInfo(_fixture.Elsewhere.Templates).LinkTarget);
        Assert.Equal(
            "from git", await File.ReadAllTextAsync(_fixture.Elsewhere.At("templates/rack.template"), Cancellation));
        Assert.False(Path.Exists(_fixture.Elsewhere.At("control.sock")));
        Assert.False(Path.Exists(_fixture.Elsewhere.At("a.pipe")));
    }

    /// <summary>One in a directory whose files are taken together, too; and no backup has that of the night before.</summary>
    [Fact]
    public async Task Links_that_go_in_circles_or_to_where_backups_are_and_pipes_are_passed_over_and_named()
    {
        Directory.CreateSymbolicLink(_fixture.Bsroot.At("templates/again"), ".");
        Directory.CreateSymbolicLink(_fixture.Bsroot.At("manifests"), ".");
        Directory.CreateSymbolicLink(_fixture.Bsroot.At("backups"), _fixture.At("out"));
        Directory.CreateDirectory(_fixture.At("out"));
        File.CreateSymbolicLink(_fixture.Bsroot.At("gone"), "nowhere");
        _fixture.Put("timeline/x.jsonl.1", "{}");
        string[] pipes = ["timeline/x.jsonl", "tftpboot/pxelinux.cfg/01-52-54-00-00-00-09", "a.pipe"];
        Directory.CreateDirectory(_fixture.Bsroot.At("tftpboot/pxelinux.cfg"));
        foreach (var pipe in pipes)
        {
            await RealProgram.RunAsync("mkfifo", [_fixture.Bsroot.At(pipe)]);
        }

        await _fixture.BackUpAsync("out");
        var creation = new BackupCreation(_fixture.Bsroot, BackupFixture.Plain, Unwatched.Instance, TimeProvider.System);
        var (_, manifest) = await creation.RunAsync(_fixture.At("out"), Cancellation);
        string[] links = ["backups", "gone", "manifests", "templates/again"];
        Assert.Equal(pipes.Concat(links).Order(StringComparer.Ordinal), creation.PassedOver.Keys);
        Assert.All(pipes, pipe => Assert.Equal("a pipe", creation.PassedOver[pipe]));
        Assert.Contains("nowhere", creation.PassedOver["gone"], StringComparison.Ordinal);
        Assert.DoesNotContain(manifest.Files, file => file.Path.Contains("tar.zst", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_directory_it_gets_a_name_and_in_the_data_root_none_is_written()
    {
        Assert.Matches(@"/kubernetes-\d{8}T\d{6}Z\.tar\.zst$", await _fixture.BackUpAsync(""));
        Directory.CreateDirectory(_fixture.Bsroot.At("backups"));
        Directory.CreateSymbolicLink(_fixture.At("there"), _fixture.Bsroot.At("backups"));
        foreach (var inside in new[] { "bsroot/x.tar.zst", "bsroot/backups", "there", "there/x" })
        {
            var refused = await Assert.ThrowsAsync<IOException>(() => _fixture.BackUpAsync(inside));
            Assert.Contains("would lie in the data root", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_fails_leaves_no_file_and_does_not_touch_the_last_one()
    {
        var backup = await _fixture.BackUpAsync();
        var before = await File.ReadAllBytesAsync(backup, Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(() => _fixture.BackUpAsync(seal: new Seal(["age1wrong"], [], [])));
        Assert.Equal(["backup.tar.zst", "bsroot"], Names(_fixture.At("")));
        Assert.Equal(before, await File.ReadAllBytesAsync(backup, Cancellation));
    }

    [Fact]
    public async Task Only_an_empty_directory_becomes_a_data_root_and_none_from_which_a_bootstrapper_serves()
    {
        var backup = await _fixture.BackUpAsync();
        Directory.CreateDirectory(_fixture.Elsewhere.Root);
        using (_fixture.Elsewhere.Take())
        {
            await Assert.ThrowsAsync<BsrootTakenException>(() => _fixture.RestoreAsync(backup));
        }

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => _fixture.RestoreAsync(backup));
        Assert.Contains("is not empty, inventory is in it", refused.Message, StringComparison.Ordinal);
        Directory.Delete(_fixture.Elsewhere.Inventory);
        Directory.CreateDirectory(_fixture.Elsewhere.At("lost+found"));
        Bsroot.Write(_fixture.Elsewhere.At(".restore/ca.key"), "of one that was cut short");
        await _fixture.RestoreAsync(backup);
        Assert.False(Path.Exists(_fixture.Elsewhere.At(".restore")));
    }

    [Fact]
    public async Task A_second_restore_leaves_the_first_and_what_is_anothers_alone()
    {
        var backup = await _fixture.BackUpAsync();
        var staged = _fixture.Elsewhere.At($"{BackupRestore.StageName}/ca.key");
        Bsroot.Write(staged, "of the one that runs");
        using (_fixture.Elsewhere.Take())
        {
            await Assert.ThrowsAsync<BsrootTakenException>(() => _fixture.RestoreAsync(backup));
            Assert.True(File.Exists(staged));
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => _fixture.RestoreAsync(backup)); // inventory is in it
        Assert.True(File.Exists(staged));
        Assert.True(File.Exists(_fixture.Elsewhere.At(".lock")));
    }

    [Fact]
    public async Task What_is_no_file_is_no_backup_and_nobody_waits_for_it()
    {
        await RealProgram.RunAsync("mkfifo", [_fixture.At("pipe")]);
        await _fixture.RefusesAsync(_fixture.At("pipe"), "is a pipe: name a file");
        await _fixture.RefusesAsync(_fixture.Bsroot.Root, "is a directory: name a file");
        File.CreateSymbolicLink(_fixture.At("link"), "nowhere");
        await _fixture.RefusesAsync(_fixture.At("link"), "there is no such file");
    }

    [Fact]
    public async Task A_bit_that_fell_over_or_an_end_that_is_missing_is_told_and_nothing_is_restored()
    {
        var backup = await _fixture.BackUpAsync();
        var whole = await File.ReadAllBytesAsync(backup, Cancellation);
        var damaged = _fixture.At("damaged");
        foreach (var at in Enumerable.Range(1, 12).Select(part => whole.Length * part / 13).Append(whole.Length - 1))
        {
            byte[] altered = [.. whole];
            altered[at] ^= 0x10;
            await File.WriteAllBytesAsync(damaged, altered, Cancellation);
            await Assert.ThrowsAsync<InvalidDataException>(() => BackupFixture.VerifyAsync(damaged));
            await Assert.ThrowsAsync<InvalidDataException>(() => _fixture.RestoreAsync(damaged));
            await File.WriteAllBytesAsync(damaged, whole[..at], Cancellation);
            await _fixture.RefusesAsync(damaged, "is damaged or cut off");
        }

        await File.WriteAllTextAsync(damaged, "hello", Cancellation);
        await _fixture.RefusesAsync(damaged, "is not a backup");
        await _fixture.RefusesAsync(_fixture.At("absent"), "there is no such file");
    }

    [Theory]
    [InlineData("bsroot/../evil", "would be written somewhere else")]
    [InlineData("bsroot//etc/evil", "would be written somewhere else")]
    [InlineData("/etc/evil", "does not belong to a backup")]
    [InlineData("bsroot/.restore", "is not allowed in a backup")]
    [InlineData("bsroot/nowhere/evil", "lies in no directory of the backup")]
    [InlineData("bsroot/ca.key/evil", "lies in no directory of the backup")]
    [InlineData("bsroot/ca.key", "is in it twice")]
    [InlineData("bsroot/evil", "evil was added later")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name, string why)
    {
        var backup = await _fixture.BackUpAsync();
        var forged = _fixture.Forge(backup, Before(Regular(name, "evil")));
        await _fixture.RefusesAsync(forged, why);
    }

    [Fact]
    public async Task Links_devices_and_what_stands_behind_the_end_are_refused()
    {
        var backup = await _fixture.BackUpAsync();
        foreach (var type in new[] { TarEntryType.SymbolicLink, TarEntryType.HardLink })
        {
            var link = new PaxTarEntry(type, "bsroot/evil") { LinkName = "/etc" };
            await _fixture.RefusesAsync(
                _fixture.Forge(backup, Before(link)), "is neither a file nor a directory");
        }

        var fifo = new PaxTarEntry(TarEntryType.Fifo, "bsroot/evil");
        await _fixture.RefusesAsync(_fixture.Forge(backup, Before(fifo)), "is neither a file nor a directory");
        await _fixture.RefusesAsync(
            _fixture.Forge(backup, entry => entry.Name == BackupManifest.Name ? [entry, Regular("bsroot/evil", "x")] : [entry]),
            "it was added later");
    }

    [Fact]
    public async Task What_is_not_as_the_manifest_tells_is_refused()
    {
        var backup = await _fixture.BackUpAsync();
        await RefusesAsync("bsroot/ca.key", "another", "ca.key was altered");
        await RefusesAsync("bsroot/ca.key", null, "ca.key is missing");
        await RefusesAsync(BackupManifest.Name, null, "its end is missing");
        await RefusesAsync(BackupManifest.Name, "{}", "manifest.json is broken");
        await RefusesAsync(BackupHead.Name, null, "it does not begin with backup.json");
        var (head, _) = await BackupFixture.VerifyAsync(backup);
        var later = Encoding.UTF8.GetString((head with { Format = 2 }).ToJson());
        await RefusesAsync(BackupHead.Name, later, "use the program that made it, or a newer one");

        async Task RefusesAsync(string name, string? content, string why) =>
            await _fixture.RefusesAsync(_fixture.Forge(backup, InPlaceOf(name, content)), why);
    }

    private static PaxTarEntry Regular(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static Func<TarEntry, IEnumerable<TarEntry>> Before(TarEntry added) =>
        entry => entry.Name == BackupManifest.Name ? [added, entry] : [entry];

    private static Func<TarEntry, IEnumerable<TarEntry>> InPlaceOf(string name, string? content) => entry =>
        entry.Name != name ? [entry] : content is null ? [] : [Regular(name, content)];

    private static IEnumerable<string> FilesBelow(Bsroot bsroot) =>
        Directory.EnumerateFiles(bsroot.Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(bsroot.Root, file)).Order(StringComparer.Ordinal);

    private static IEnumerable<string?> Names(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
