using Bootstrapper.Backups;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Backups;

/// <summary>Files that belong together, while somebody changes them as fast as the disk lets.</summary>
[Trait("Category", "Slow")]
public sealed class FileGroupTests : IDisposable
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(3);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Bsroot Bsroot => new(Path.Combine(_directory.Path, "bsroot"));

    public void Dispose() => _directory.Dispose();

    /// <summary>A renewal writes the one file before it takes away the other; a timeline moves from one to the next.</summary>
    [Theory]
    [InlineData("tls/52-54-00-00-00-01", "kubelet.pem", "kubelet.crt")]
    [InlineData("timeline", "52-54-00-00-00-01.jsonl", "52-54-00-00-00-01.jsonl.1")]
    public async Task What_moves_from_one_file_to_another_is_in_one_of_them(string directory, string one, string other)
    {
        Directory.CreateDirectory(Bsroot.At(directory));
        var (from, to) = (Bsroot.At($"{directory}/{one}"), Bsroot.At($"{directory}/{other}"));
        await File.WriteAllTextAsync(from, "kept", Cancellation);
        var taken = await WhileAsync(
            async () =>
            {
                File.Move(from, to, overwrite: true);
                await Task.Delay(1, Cancellation);
                Bsroot.Write(from, "kept");
                File.Delete(to);
                await Task.Delay(1, Cancellation);
            },
            NamesAsync);
        var stem = $"{directory}/{one.Split('.')[0]}.";
        Assert.All(taken, files => Assert.Contains(files, file => file.StartsWith(stem, StringComparison.Ordinal)));
        Assert.InRange(taken.Count, 3, int.MaxValue);
    }

    /// <summary>dnsmasq empties its file of leases, and writes it anew.</summary>
    [Fact]
    public async Task A_file_that_is_written_in_its_place_is_taken_whole()
    {
        Bsroot.MakeDirectory(Bsroot.At("dnsmasq"));
        var whole = string.Concat(Enumerable.Range(0, 2000).Select(number => $"{number} 52:54:00:00:00:01 10.0.0.1 n *\n"));
        await File.WriteAllTextAsync(Bsroot.DnsmasqLeases, whole, Cancellation);
        var taken = await WhileAsync(
            async () =>
            {
                await using (var leases = new StreamWriter(new FileStream(Bsroot.DnsmasqLeases, FileMode.Truncate)))
                {
                    await leases.WriteAsync(whole);
                }

                await Task.Delay(100, Cancellation);
            },
            async () =>
            {
                await foreach (var file in new DataRootFiles(Bsroot, TimeProvider.System).TakeAsync(Cancellation))
                {
                    using var content = new StreamReader(file.Content());
                    Assert.Equal(whole, await content.ReadToEndAsync(Cancellation));
                }

                return true;
            });
        Assert.InRange(taken.Count, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_backup_in_the_middle_of_changes_of_roots_restores_to_roots_that_sign()
    {
        foreach (var root in RootNames.All)
        {
            using var made = RootFiles.Of(Bsroot, root, TimeProvider.System).Open();
        }

        Bsroot.Write(Bsroot.Description, "nodes: []\n");
        var backups = await WhileAsync(
            async () =>
            {
                foreach (var rotation in RootNames.All.Select(root => RootRotation.Of(Bsroot, root, TimeProvider.System)))
                {
                    rotation.Announce();
                    rotation.Switch();
                    rotation.Finish();
                }

                await Task.Delay(300, Cancellation);
            },
            () => BackUpAsync(Path.Combine(_directory.Path, Path.GetRandomFileName())));
        Assert.Contains(backups, backup => backup is not null);
        foreach (var backup in backups.OfType<string>())
        {
            var restored = new Bsroot($"{backup}.restored");
            await new BackupRestore(restored.Root, Unwatched.Instance)
                .RunAsync(new SealedFile(backup, key: null), Cancellation);
            Assert.All(RootNames.All, root =>
            {
                var authority = CertificateAuthority.Open(restored, TimeProvider.System, root);
                authority.Issue(new LeafProfile("n1") { Usage = LeafUsage.Client }, TimeSpan.FromDays(1));
            });
        }
    }

    /// <returns><c>null</c> where the roots never stood still.</returns>
    private async Task<string?> BackUpAsync(string file)
    {
        try
        {
            return (await new BackupCreation(Bsroot, BackupFixture.Plain, Unwatched.Instance, TimeProvider.System)
                .RunAsync(file, Cancellation)).File;
        }
        catch (RootsChangedException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var file in new DataRootFiles(Bsroot, TimeProvider.System).TakeAsync(Cancellation))
        {
            names.Add(file.Path);
            file.Dispose();
        }

        return names;
    }

    private static async Task<IReadOnlyList<T>> WhileAsync<T>(Func<Task> change, Func<Task<T>> take)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        end.CancelAfter(Busy);
        var changing = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    await change();
                }
            },
            Cancellation);
        var taken = new List<T>();
        while (!end.IsCancellationRequested)
        {
            taken.Add(await take());
        }

        await changing;
        return taken;
    }
}
