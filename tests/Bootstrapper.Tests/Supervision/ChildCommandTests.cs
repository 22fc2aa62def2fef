using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Host;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>Children have no more rights than they need, and do not outlive their parent.</summary>
public sealed class ChildCommandTests : SupervisionFixture
{
    private static readonly ServiceSpec Sleeper =
        new("sleeper", "sleep", ["300"]) { Capabilities = ["net_admin", "net_bind_service"] };

    public static bool MayDropCapabilities => Capabilities.MayBeDropped;

    [Fact]
    public async Task The_process_that_is_known_is_the_program_itself_and_gains_no_rights()
    {
        var supervisor = Supervise(Sleeper);
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        Assert.Equal("sleep", StatusOf(supervisor, "Name"));
        Assert.Equal("1", StatusOf(supervisor, "NoNewPrivs"));
    }

    [Fact(SkipUnless = nameof(MayDropCapabilities), Skip = "this process may not drop capabilities")]
    public async Task A_child_has_the_capabilities_it_was_given_and_no_others()
    {
        var supervisor = Supervise(Sleeper);
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        var expected = ((1UL << 12) | (1UL << 10)).ToString("x16", CultureInfo.InvariantCulture);
        Assert.Equal((expected, expected), (StatusOf(supervisor, "CapEff"), StatusOf(supervisor, "CapBnd")));
    }

    [Fact(SkipUnless = nameof(MayDropCapabilities), Skip = "this process may not drop capabilities")]
    public async Task A_child_with_a_user_of_its_own_has_its_capabilities_owns_its_files_and_dies_with_its_parent()
    {
        var file = Bsroot.At("own/below");
        Bsroot.Write(file, "");
        var spec = Sleeper with { User = new ChildUser(65067, [Path.GetDirectoryName(file)!]) };
        var supervisor = Supervise(spec);
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        Assert.Equal("65067\t65067\t65067\t65067", StatusOf(supervisor, "Uid"));
        Assert.Equal("", StatusOf(supervisor, "Groups"));
        var expected = ((1UL << 12) | (1UL << 10)).ToString("x16", CultureInfo.InvariantCulture);
        Assert.Equal((expected, expected), (StatusOf(supervisor, "CapEff"), StatusOf(supervisor, "CapBnd")));
        Assert.Equal("65067 65067", (await Tool.OutputOfAsync("stat", "--format=%u %g", file)).Trim());

        using var parent = StartShell();
        await parent.StandardInput.WriteLineAsync(
            $"{Quoted(ChildCommand.Line(spec, "/bin/sleep", parent.Id, mayDropCapabilities: true))} & echo $!");
        var child = await ReadPidAsync(parent);
        await Eventually.True(() => IsSleeping(child));
        parent.Kill();
        await Eventually.True(() => !ProcessTable.IsAlive(child));
    }

    [Fact(SkipUnless = nameof(MayDropCapabilities), Skip = "this process may not drop capabilities")]
    public void A_directory_above_the_data_root_that_others_may_not_enter_is_named_and_the_data_root_is_opened()
    {
        var closed = Bsroot.At("closed");
        Directory.CreateDirectory(Path.Combine(closed, "root"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Null(ChildUser.Obstacle(Bsroot.Root));
        Assert.True(File.GetUnixFileMode(Bsroot.Root).HasFlag(UnixFileMode.OtherExecute));

        Assert.Equal($"only the owner may enter {closed}: chmod o+x {closed}", ChildUser.Obstacle(Path.Combine(closed, "root")));
    }

    [Fact]
    public async Task Of_our_environment_a_child_has_only_what_it_needs()
    {
        Environment.SetEnvironmentVariable("BOOTSTRAPPER_A_SECRET", "of ours");
        Environment.SetEnvironmentVariable("CHILD_COMMAND_TESTS", "what no child is to see"); // registries run beside this test
        using var child = Process.Start(ChildCommand.StartInfo(new ServiceSpec("env", "env", []), "/usr/bin/env"))!;
        var variables = (await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]);
        Assert.Empty(variables.Except(["PATH", "TZ", "PWD", "OLDPWD", "SHLVL", "_"], StringComparer.Ordinal)); // sh's own
    }

    [Fact]
    public void Without_the_right_to_drop_capabilities_nothing_is_dropped() =>
        Assert.DoesNotContain(
            "bounding", string.Join(' ', ChildCommand.Line(Sleeper, "sleep", parent: 1, mayDropCapabilities: false)));

    [Fact]
    public async Task A_child_dies_with_its_parent_even_when_that_is_killed()
    {
        using var parent = StartShell();
        await parent.StandardInput.WriteLineAsync(
            $"{Quoted(ChildCommand.Line(Sleeper, "/bin/sleep", parent.Id, Capabilities.MayBeDropped))} & echo $!");
        var child = await ReadPidAsync(parent);
        await Eventually.True(() => IsSleeping(child));

        parent.Kill();

        await Eventually.True(() => !ProcessTable.IsAlive(child));
    }

    [Fact]
    public async Task A_child_whose_parent_died_before_it_ran_does_not_run()
    {
        using var stranger = StartShell();
        var line = ChildCommand.Line(
            new ServiceSpec("touch", "touch", [Bsroot.At("ran")]),
            "/bin/touch",
            parent: stranger.Id + 1,
            mayDropCapabilities: false);
        await stranger.StandardInput.WriteLineAsync($"{Quoted(line)}; echo $?; exit");

        Assert.Equal(1, await ReadPidAsync(stranger));
        Assert.False(File.Exists(Bsroot.At("ran")));
    }

    [Fact]
    public async Task A_child_outlives_the_thread_that_asked_for_it()
    {
        var supervisor = Supervise(Sleeper);
        var thread = new Thread(supervisor.Start);
        thread.Start();
        thread.Join();
        await ReachesAsync(supervisor, ServiceState.Ready);

        using var direct = StartFromDyingThread();
        await Eventually.True(() => direct.HasExited);

        Assert.Equal(128 + 9, direct.ExitCode);
        Assert.Equal((ServiceState.Ready, 0), (supervisor.Status.State, supervisor.Status.Restarts));
    }

    /// <summary>What happens to a child that does not come from <see cref="ProgramStarter"/>.</summary>
    private static Process StartFromDyingThread()
    {
        Process? process = null;
        var thread = new Thread(() =>
        {
            process = Process.Start(ChildCommand.StartInfo(Sleeper, "/bin/sleep"))!;
            SpinWait.SpinUntil(() => IsSleeping(process.Id), TimeSpan.FromSeconds(10)); // by then the signal is set
        });
        thread.Start();
        thread.Join();
        return process!;
    }

    private static bool IsSleeping(int pid) => File.ReadAllText($"/proc/{pid}/comm") == "sleep\n";

    private static Process StartShell() =>
        Process.Start(new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static async Task<int> ReadPidAsync(Process shell) =>
        int.Parse(
            (await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);

    private static string Quoted(IEnumerable<string> line) => string.Join(' ', line.Select(part => $"'{part}'"));

    private static string StatusOf(Supervisor supervisor, string key) => File.ReadLines($"/proc/{supervisor.Status.Pid}/status")
        .First(line => line.StartsWith(key + ':', StringComparison.Ordinal))[(key.Length + 1)..].Trim();
}
