using System.CommandLine;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Backups;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What a timer tells its operator in the morning.</summary>
[Trait("Category", "Slow")]
public sealed class BackupCommandTests : IDisposable
{
    private readonly BackupFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_is_not_in_it_is_told_one_by_one()
    {
        await RealProgram.RunAsync("mkfifo", [_fixture.Bsroot.At("a.pipe")]);
        var (exitCode, error) = await CreateAsync("backup");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains(
            $"warning: {_fixture.Bsroot.At("a.pipe")} is not in it: it is a pipe\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe", "is a pipe: name a file", ExitCode.InvalidInput)]
    [InlineData("", "is a directory: name a file", ExitCode.InvalidInput)]
    [InlineData("absent", "there is no such file", ExitCode.MissingInput)]
    public async Task A_file_that_is_none_is_told_at_once(string name, string why, int expected)
    {
        var file = await NamedAsync(name);
        foreach (var command in new string[][] { ["verify", file], ["restore", file, "--to", _fixture.Elsewhere.Root] })
        {
            var (exitCode, error) = await RunAsync(command);
            Assert.Equal(expected, exitCode);
            Assert.StartsWith($"error: {file}", error, StringComparison.Ordinal);
            Assert.Contains(why, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_takes_the_place_of_a_pipe()
    {
        var file = await NamedAsync("pipe");
        var (exitCode, error) = await CreateAsync("pipe");
        Assert.Equal(ExitCode.InputOutput, exitCode);
        Assert.Contains($"error: {file} is a pipe, and a file would take its place", error, StringComparison.Ordinal);
    }

    private async Task<string> NamedAsync(string name)
    {
        if (name == "pipe")
        {
            await RealProgram.RunAsync("mkfifo", [_fixture.At(name)]);
        }

        return _fixture.At(name);
    }

    private Task<(int ExitCode, string Error)> CreateAsync(string name) =>
        RunAsync("create", _fixture.At(name), "--plain", "--bsroot", _fixture.Bsroot.Root);

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await CommandLine.Create().Parse(["backup", .. arguments]).InvokeAsync(
            configuration, TestContext.Current.CancellationToken);
        return (exitCode, error.ToString());
    }
}
