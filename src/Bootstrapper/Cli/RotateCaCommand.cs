using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper pki rotate-ca [--ca NAME] [--switch | --finish] [--force]</c></summary>
internal static class RotateCaCommand
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var ca = new Option<string>("--ca")
        {
            HelpName = "cluster|etcd|front-proxy",
            Description = "Which root.",
            DefaultValueFactory = _ => RootName.Cluster.Word(),
        };
        ca.AcceptOnlyFromAmong([.. RootNames.All.Select(root => root.Word())]);
        var @switch = new Option<bool>("--switch") { Description = "Second step: sign with the next root." };
        var finish = new Option<bool>("--finish") { Description = "Third step: stop trusting the old root." };
        var force = new Option<bool>("--force")
        {
            Description = "Take the step although machines will stop trusting each other.",
        };
        var command = new Command("rotate-ca", """
            Replaces a root in three steps, with days between them in which both are trusted.

            Without --switch or --finish it makes the next root and makes it known, or shows the step that was reached. A
            running bootstrapper takes up each step within the hour; machines ask once a day which roots to trust.
            """) { bsroot, ca, @switch, finish, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(@switch) && result.GetValue(finish))
            {
                result.AddError("--switch and --finish are two steps: give one of them");
            }
        });
        command.SetAction(parsed => PkiFailure.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            var change = new RootChange(
                parsed.Bsroot(bsroot),
                RootNames.All.Single(root => root.Word() == parsed.GetRequiredValue(ca)),
                parsed.GetValue(force));
            return parsed.GetValue(@switch) ? change.Switch(parsed.InvocationConfiguration)
                : parsed.GetValue(finish) ? change.Finish(parsed.InvocationConfiguration)
                : change.Announce(parsed.InvocationConfiguration);
        }));
        return command;
    }

    /// <summary>The three steps, each with what keeps an operator from taking it too early.</summary>
    private sealed class RootChange(Bsroot bsroot, RootName root, bool force)
    {
        private readonly RootRotation _rotation = RootRotation.Of(bsroot, root, Time);

        public int Announce(InvocationConfiguration console)
        {
            if (_rotation.Stage == RotationStage.None)
            {
                _rotation.Announce();
            }

            console.Output.WriteLine($"{bsroot.PathsOf(root).Certificate} is {_rotation.Stage.Describe()}");
            console.Output.WriteLine(_rotation.Stage == RotationStage.Announced
                ? $"next: 'bootstrapper pki rotate-ca --ca {root.Word()} --switch', from {_rotation.KnownAt:u} on, "
                    + "when every machine knows it"
                : $"next: 'bootstrapper pki rotate-ca --ca {root.Word()} --finish', "
                    + "when every machine has renewed its certificates");
            return ExitCode.Success;
        }

        public int Switch(InvocationConfiguration console)
        {
            if (_rotation.Stage == RotationStage.Announced && Time.GetUtcNow() < _rotation.KnownAt && !force)
            {
                console.Error.WriteLine(
                    $"error: not every machine knows the next root; wait until {_rotation.KnownAt:u}, or pass --force");
                return ExitCode.TryLater;
            }

            if (_rotation.Stage == RotationStage.Announced)
            {
                _rotation.RequireNames(() => Authorities.ProfilesOf(root, Cluster(console.Error)));
            }

            _rotation.Switch();
            return Announce(console);
        }

        /// <exception cref="PkiException">There is no good description; what is wrong with it was told.</exception>
        private ClusterDescription Cluster(TextWriter error) =>
            ProblemReport.Load(bsroot, bsroot.Description, error).Snapshot?.Cluster
            ?? throw new PkiException("the next root is constrained to some names, "
                + "and only a valid description can show whether they suffice");

        public int Finish(InvocationConfiguration console)
        {
            var left = _rotation.Stage == RotationStage.Overlapping
                ? new PkiStatus(bsroot, Time).StillOfOldRoot(root).ToList()
                : [];
            if (left.Count > 0 && !force)
            {
                console.Error.WriteLine(
                    $"error: {left.Count} certificates still have the old root; wait until they are renewed, or pass --force:");
                left.ForEach(leaf => console.Error.WriteLine($"  {leaf.Name} of {leaf.Owner}, {leaf.Subject}"));
                return ExitCode.TryLater;
            }

            _rotation.Finish();
            console.Output.WriteLine($"{bsroot.PathsOf(root).Certificate} is {_rotation.Stage.Describe()}");
            return ExitCode.Success;
        }
    }
}
