using System.Diagnostics;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>Whether install.sh sees what is on a disk, on disks of the sizes that are sold; wipefs(8) is the judge.</summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class HoldsDataTests : IAsyncLifetime
{
    private const int Mebi = 1 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As their vendors count (IDEMA's LBA1-03), or as the disks themselves say; bytes of a sector.</summary>
    private static readonly (long Sectors, int Bytes)[] Sizes =
    [
        (61071360, 512), // an eMMC of 32 GB
        (234441648, 512), // 120 GB
        (468862128, 512), (488397168, 512), (500118192, 512), (937703088, 512), (976773168, 512),
        (1000215216, 512), // 512 GB, NVMe
        (1875385008, 512), (1953525168, 512), (3125627568, 512),
        (3750748848, 512), // 1.92 TB, NVMe
        (3907029168, 512), (5860533168, 512), (7814037168, 512), (15628053168, 512), (23437770752, 512),
        (31251759104, 512), // 16 TB, 512e
        (937684566, 4096), // 3.84 TB, NVMe
        (2929721344, 4096), (4882956288, 4096), // 12 TB and 20 TB, 4Kn
    ];

    private readonly List<AskedShell> _shells = [];

    public ValueTask InitializeAsync()
    {
        _shells.AddRange(Shells.All.Where(shell => shell != Shells.WithoutCurl).Select(AskedShell.Start));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shell in _shells)
        {
            await shell.DisposeAsync();
        }
    }

    public static TheoryData<long, int> TrueSizes =>
        [.. Sizes.Select(size => new TheoryDataRow<long, int>(size.Sectors, size.Bytes))];

    [Theory]
    [MemberData(nameof(TrueSizes))]
    public async Task Whatever_wipefs_finds_on_a_disk_of_a_true_size_is_foreign_data(long sectors, int sector)
    {
        var size = sectors * sector;
        await using var disk = await LoopDisk.AttachSparseAsync(size, sector);
        await AssertIsAsync(disk, "no", "empty");
        var isSample = sectors is 234441648 or 976773168 || sector == 4096;
        foreach (var signature in DiskSignature.All.Where(signature => signature.IsAtEnd || isSample))
        {
            var (at, bytes) = (signature.At(size, sector), signature.Bytes(size, sector));
            await disk.WriteAsync(at, bytes);
            await AssertIsAsync(disk, "yes", signature.Name);
            await disk.WriteAsync(at, new byte[bytes.Length]);
        }

        await AssertIsAsync(disk, "no", "empty again");
    }

    /// <summary>The kind that was missed: a partition table of which only the copy at the end is left.</summary>
    [Theory]
    [MemberData(nameof(TrueSizes))]
    public async Task Either_copy_of_a_partition_table_is_foreign_data(long sectors, int sector)
    {
        await using var disk = await LoopDisk.AttachSparseAsync(sectors * sector, sector);
        await disk.PartitionAsync("label: gpt\n,,\n");
        await disk.WriteAsync(0, new byte[Mebi]);
        await AssertIsAsync(disk, "yes", "the backup alone");
        await disk.PartitionAsync("label: gpt\n,,\n");
        await disk.WriteAsync((sectors * sector) - Mebi, new byte[Mebi]);
        await AssertIsAsync(disk, "yes", "the primary alone");
    }

    [Theory]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(1)]
    public async Task A_byte_anywhere_in_the_first_or_last_MiB_is_foreign_data_and_none_in_between(long sectors)
    {
        var size = sectors * 512;
        await using var disk = await LoopDisk.AttachSparseAsync(size, 512);
        long[] places = [0, Mebi - 1, Mebi, size - Mebi - 1, size - Mebi, size - 1, size / 2];
        foreach (var at in places.Where(at => at >= 0 && at < size))
        {
            await disk.WriteAsync(at, [1]);
            await AssertAnswersAsync(disk, at < Mebi || at >= size - Mebi ? "yes" : "no", $"a byte at {at}");
            await disk.WriteAsync(at, [0]);
        }
    }

    /// <summary>A disk that cannot be read may hold anything.</summary>
    [Fact]
    public async Task What_cannot_be_read_is_foreign_data()
    {
        foreach (var shell in _shells)
        {
            Assert.Equal("yes", await shell.AskAsync("/dev/none"));
        }
    }

    private async Task AssertIsAsync(LoopDisk disk, string expected, string what)
    {
        Assert.Equal((what, expected), (what, await disk.SignaturesAsync() is "" ? "no" : "yes"));
        await AssertAnswersAsync(disk, expected, what);
    }

    private async Task AssertAnswersAsync(LoopDisk disk, string expected, string what)
    {
        var answers = await Task.WhenAll(_shells.Select(shell => shell.AskAsync(disk.Path)));
        Assert.All(answers, answer => Assert.Equal((what, expected), (what, answer)));
    }

    /// <summary>A shell that has read install.sh and says of one disk after the other whether it holds data.</summary>
    private sealed class AskedShell(Process process, TemporaryDirectory directory) : IAsyncDisposable
    {
        private const string Begin = "interface=$(interface_with_mac)";

        public static AskedShell Start(string shell)
        {
            var directory = new TemporaryDirectory();
            var node = Sample.Node();
            var script = InstallScript.Render(node, Sample.Cluster(node), TemplateSet.Of([]));
            var functions = script[..script.IndexOf(Begin, StringComparison.Ordinal)];
            var file = directory.Write("ask.sh", functions + """
                trap - EXIT
                while read -r disk; do
                  name=${disk#/dev/}
                  if holds_data; then echo yes; else echo no; fi
                done
                """);
            var command = Shells.Of(shell).Command.Split(' ');
            var start = new ProcessStartInfo(command[0], [.. command[1..], file])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment["TMPDIR"] = directory.Path;
            return new AskedShell(Process.Start(start)!, directory);
        }

        public async Task<string?> AskAsync(string disk)
        {
            await process.StandardInput.WriteLineAsync(disk);
            return await process.StandardOutput.ReadLineAsync(Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            directory.Dispose();
        }
    }
}
