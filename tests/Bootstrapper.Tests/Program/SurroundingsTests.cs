using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>What lies where the program is started, and stands in its environment, is none of its business.</summary>
public sealed class SurroundingsTests : RackTests
{
    private readonly TemporaryDirectory _workingDirectory = new();

    [RackFact]
    public async Task Settings_of_the_framework_open_no_listener_and_a_broken_file_of_them_ends_no_start()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        _workingDirectory.Write("appsettings.json", "{ broken");
        var command = Command();
        command.Environment["Kestrel__Endpoints__X__Url"] = "http://0.0.0.0:18080";
        command.Environment["ASPNETCORE_Kestrel__Endpoints__X__Url"] = "http://0.0.0.0:18080";
        command.Environment["ASPNETCORE_URLS"] = "http://0.0.0.0:18080";
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";

        await using var program = RunningProgram.Start(Rack, command);
        await program.ReadyAsync();

        Assert.DoesNotContain("18080", await Rack.Server.ListenersAsync(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await program.TerminateAsync());
        Assert.Equal("", program.Errors);
    }

    [RackFact]
    public async Task The_directory_it_is_started_in_is_not_watched()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        Directory.CreateDirectory(Path.Combine(_workingDirectory.Path, "a", "b", "c"));
        _workingDirectory.Write("appsettings.json", "{}");

        await using var program = RunningProgram.Start(Rack, Command());
        await program.ReadyAsync();

        var directories = Directory.EnumerateDirectories(_workingDirectory.Path, "*", SearchOption.AllDirectories);
        foreach (var directory in directories.Prepend(_workingDirectory.Path))
        {
            Assert.DoesNotContain(await InodeOfAsync(directory), Watched(program.Pid));
        }

        Assert.Contains(await InodeOfAsync(Rack.Bsroot.Root), Watched(program.Pid)); // so what stands there is understood
    }

    /// <summary>Long before the interfaces would be looked at anyway.</summary>
    [RackFact]
    public async Task Another_interface_that_gets_the_address_is_served_at_once()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var program = RunningProgram.Start(Rack, Command());
        await program.ReadyAsync();
        Assert.True(IsServed("eth0"));

        await Rack.Server.IpAsync("link add other type veth peer name end");
        await Rack.Server.IpAsync("link set other up");
        await Rack.Server.IpAsync("link set end up");
        await Rack.Server.IpAsync($"address del {Rack.ServerAddress}/16 dev eth0");
        await Rack.Server.IpAsync($"address add {Rack.ServerAddress}/16 dev other");

        await Eventually.True(() => IsServed("other"));
    }

    [RackFact]
    public async Task A_data_root_that_cannot_be_written_is_told_in_one_line()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        Directory.CreateDirectory(Rack.Bsroot.At(".lock")); // also root cannot open that as a file

        await using var program = RunningProgram.Start(Rack, Command());

        Assert.Equal(ExitCode.InputOutput, await program.ExitAsync());
        Assert.Matches("^error: [^\n]*\\.lock[^\n]*$", program.Errors);
        Assert.DoesNotContain(program.Lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _workingDirectory.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool IsServed(string network) =>
        File.ReadAllText(Rack.Bsroot.DnsmasqConf).Contains($"interface={network}", StringComparison.Ordinal);

    private ProcessStartInfo Command()
    {
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.WorkingDirectory = _workingDirectory.Path;
        return command;
    }

    /// <summary>One line for each file or directory that is watched (proc_pid_fdinfo(5)).</summary>
    /// <returns>The inodes that it has the kernel watch (proc_pid_fdinfo(5)): <c>inotify wd:1 ino:3c570 sdev:…</c></returns>
    private static IReadOnlyList<long> Watched(int pid) =>
    [
        .. from descriptor in Directory.EnumerateFiles($"/proc/{pid}/fdinfo")
           where File.Exists(descriptor)
           from line in File.ReadLines(descriptor)
           where line.StartsWith("inotify ", StringComparison.Ordinal)
           select long.Parse(line.Split(' ')[2]["ino:".Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
    ];

    private static async Task<long> InodeOfAsync(string path) =>
        long.Parse(await Tool.OutputOfAsync("stat", "--format=%i", path), CultureInfo.InvariantCulture);
}
