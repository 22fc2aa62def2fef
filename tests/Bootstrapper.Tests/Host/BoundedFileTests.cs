using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

/// <summary>What a hand put in the place of a small file is refused with a line: it neither hangs nor fills memory.</summary>
public sealed class BoundedFileTests : IDisposable
{
    private const string Mac = "52-54-00-00-00-01";

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_is_read_a_link_to_one_too_and_one_that_is_missing_is_missing()
    {
        var file = _directory.Write("file", "text");
        File.CreateSymbolicLink(Bsroot.At("link"), file);

        Assert.Equal(["text", "text"], [BoundedFile.ReadText(file, 4), BoundedFile.ReadText(Bsroot.At("link"), 4)]);
        Assert.Throws<FileNotFoundException>(() => BoundedFile.ReadText(Bsroot.At("none"), 4));
    }

    [Theory]
    [InlineData("pipe", "is a pipe, a socket or a device: expected a file")]
    [InlineData("large", "is too large: expected 1024 KiB at most, got 204800 KiB")]
    public async Task A_record_that_is_none_is_a_failed_machine(string kind, string complaint)
    {
        await PutAsync(kind, $"inventory/{Mac}.json");

        var record = new InventoryFiles(Bsroot.Inventory).Load(DateTimeOffset.UnixEpoch).Single();

        Assert.Equal(NodeState.Failed, record.State);
        Assert.Contains(complaint, record.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("large")]
    public async Task A_description_is_refused(string kind)
    {
        await PutAsync(kind, Bsroot.DescriptionName);

        var refused = Assert.Throws<IOException>(() => SnapshotLoader.Load(Bsroot, Bsroot.Description));

        Assert.Contains($"{Bsroot.Description} is ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe", EnrolledNode.FileName)]
    [InlineData("large", EnrolledNode.FileName)]
    [InlineData("pipe", "pxe_hosts.json")]
    [InlineData("large", "pxe_hosts.json")]
    public async Task So_is_what_lies_beside_it(string kind, string name)
    {
        Bsroot.Write(Bsroot.Description, "nodes: []\n");
        await PutAsync(kind, name);

        Assert.Contains(
            SnapshotLoader.Load(Bsroot, Bsroot.Description).Errors,
            problem => problem.Message.Contains($"{Bsroot.At(name)} is ", StringComparison.Ordinal));
    }

    [Fact]
    public void Aliases_that_stand_for_a_billion_values_are_refused_at_their_line()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(level =>
            $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));

        var read = ClusterDescriptionReader.Read(bomb, [], null);

        Assert.Contains(read.Problems, problem => problem.Message.Contains("more than 1000000 values", StringComparison.Ordinal)
            && problem.Position?.Line == 6);
    }

    private async Task PutAsync(string kind, string name)
    {
        var path = Bsroot.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (kind == "pipe")
        {
            await Tool.OutputOfAsync("mkfifo", path);
        }
        else
        {
            await Tool.OutputOfAsync("truncate", "--size=200M", path);
        }
    }
}
