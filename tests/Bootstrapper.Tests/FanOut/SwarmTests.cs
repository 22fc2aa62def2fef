using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.FanOut;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.FanOut;

/// <summary>Whole rollouts that are played: machines fetch what they are told, some of them badly.</summary>
public sealed class SwarmTests
{
    private const int Chunks = 64, Machines = 16;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_machine_gets_everything_and_the_server_sends_it_about_once(int seed)
    {
        var play = new Rollout(seed);
        play.Run();
        Assert.All(play.Players, player => Assert.Equal(Chunks, player.Has.Count));
        Assert.InRange(play.FromServer, Chunks, Chunks * 5 / 4);
        Assert.Empty(play.Dropped);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_liar_is_found_and_costs_each_machine_a_retry(int seed)
    {
        var play = new Rollout(seed);
        play.Players[0].Lies = true;
        play.Run();
        Assert.All(play.Honest, player => Assert.Equal(Chunks, player.Has.Count));
        Assert.Equal([new DroppedMachine(play.Players[0].Mac, Lied: true)], play.Dropped);
        Assert.InRange(play.FromServer, Chunks, 2 * Chunks);
        Assert.InRange(play.Lies, 2, 8);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Half_of_them_may_die_in_the_middle(int seed)
    {
        var play = new Rollout(seed) { DiesAt = 400 };
        play.Run();
        Assert.All(play.Players.Skip(Machines / 2), player => Assert.Equal(Chunks, player.Has.Count));
        Assert.InRange(play.FromServer, Chunks, 2 * Chunks);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_the_server_knew_is_told_again_when_it_was_restarted(int seed)
    {
        var play = new Rollout(seed) { ForgetsAt = 400 };
        play.Run();
        Assert.All(play.Players, player => Assert.Equal(Chunks, player.Has.Count));
        Assert.InRange(play.FromServer, Chunks, 2 * Chunks);
    }

    [Fact]
    public void One_machine_that_complains_about_all_drops_none_and_is_served_here()
    {
        var play = new Rollout(seed: 1);
        play.Players[3].Complains = true;
        play.Run();
        Assert.Empty(play.Dropped);
        Assert.All(play.Players, player => Assert.Equal(Chunks, player.Has.Count));
    }

    [Fact]
    public void An_installed_machine_stays_while_others_lack_something_and_not_for_long()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var swarm = new Swarm(2, 1 << 20, clock, new Random(1));
        MacAddress done = new(1), other = new(2);
        swarm.Hear(done, IPAddress.Loopback, new Asked { Has = [0, 1], Port = 80 });
        swarm.Hear(other, IPAddress.Loopback, new Asked { Has = [0] });
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(OrderKind.Done, swarm.Next(done).Kind);
        swarm.Hear(done, IPAddress.Loopback, new Asked { Leaves = true });
        Assert.Equal(OrderKind.Stay, swarm.Next(done).Kind);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(OrderKind.Go, swarm.Next(done).Kind);
        Assert.Equal((OrderKind.Fetch, null), (swarm.Next(other).Kind, swarm.Next(other).From)); // nobody else has it now
    }

    [Fact]
    public void Numbers_that_are_no_chunks_and_machines_that_were_not_heard_of_do_no_harm()
    {
        var swarm = new Swarm(2, 1 << 20, new ManualClock(DateTimeOffset.UnixEpoch), new Random(1));
        Assert.Equal(new SwarmNews(), swarm.Hear(new(1), IPAddress.Loopback, new Asked { Got = 1 }));
        Assert.Equal(OrderKind.Tell, swarm.Next(new(1)).Kind);
        swarm.Hear(new(1), IPAddress.Loopback, new Asked { Has = [-1, 2, 99] });
        swarm.Hear(new(1), IPAddress.Loopback, new Asked { Got = 7, Wrong = 8 });
        Assert.Equal(OrderKind.Fetch, swarm.Next(new(1)).Kind);
    }

    [Fact]
    public void What_lies_here_and_is_not_what_it_was_is_not_passed_on_for_ever()
    {
        var swarm = new Swarm(1, 1 << 20, new ManualClock(DateTimeOffset.UnixEpoch), new Random(1));
        swarm.Hear(new(1), IPAddress.Loopback, new Asked { Has = [] });
        var tries = 0;
        for (; swarm.Next(new(1)).Kind == OrderKind.Fetch; tries++)
        {
            swarm.Hear(new(1), IPAddress.Loopback, new Asked { Wrong = 0 });
        }

        Assert.Equal(OrderKind.Gone, swarm.Next(new(1)).Kind);
        Assert.InRange(tries, 2, 20);
    }

    /// <summary>An honest machine on a slow line, or with much to do.</summary>
    [Fact]
    public void A_machine_that_two_waited_for_in_vain_is_asked_again_after_a_minute()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var swarm = new Swarm(1, 1 << 20, clock, new Random(1));
        MacAddress slow = new(1), one = new(2), two = new(3);
        swarm.Hear(slow, IPAddress.Parse("10.0.0.1"), new Asked { Has = [0], Port = 80 });
        swarm.Hear(one, IPAddress.Parse("10.0.0.2"), new Asked { Has = [] });
        swarm.Hear(two, IPAddress.Parse("10.0.0.3"), new Asked { Has = [] });
        var before = swarm.Next(one).Patience;
        Assert.NotNull(swarm.Next(two).From);
        clock.Advance(TimeSpan.FromSeconds(1));
        swarm.Hear(slow, IPAddress.Parse("10.0.0.1"), new Asked());
        Assert.Null(swarm.Hear(one, IPAddress.Parse("10.0.0.2"), new Asked { Missed = 0 }).Dropped);
        Assert.Equal(
            new DroppedMachine(slow, Lied: false),
            swarm.Hear(two, IPAddress.Parse("10.0.0.3"), new Asked { Missed = 0 }).Dropped);
        var here = swarm.Next(one);
        Assert.Equal((OrderKind.Fetch, null), (here.Kind, here.From));
        swarm.Hear(one, IPAddress.Parse("10.0.0.2"), new Asked { Missed = 0 });
        clock.Advance(TimeSpan.FromSeconds(61));

        var again = swarm.Next(one);
        Assert.Equal("10.0.0.1", $"{again.From?.Address}");
        Assert.True(again.Patience > before, $"{again.Patience}"); // it lives, so the network may be slow
    }

    [Fact]
    public void A_machine_that_gave_up_gives_nothing_and_nobody_stays_for_it()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var swarm = new Swarm(2, 1 << 20, clock, new Random(1));
        MacAddress done = new(1), failed = new(2), other = new(3);
        swarm.Hear(done, IPAddress.Parse("10.0.0.1"), new Asked { Has = [0, 1], Port = 80 });
        swarm.Hear(failed, IPAddress.Parse("10.0.0.2"), new Asked { Has = [0], Port = 80 });
        swarm.Hear(failed, IPAddress.Parse("10.0.0.2"), new Asked { Stops = true });
        clock.Advance(TimeSpan.FromSeconds(2));
        swarm.Hear(done, IPAddress.Parse("10.0.0.1"), new Asked { Leaves = true });
        Assert.Equal(OrderKind.Go, swarm.Next(done).Kind);
        swarm.Hear(other, IPAddress.Parse("10.0.0.3"), new Asked { Has = [] });
        Assert.Null(swarm.Next(other).From);
    }

    [Fact]
    public void A_machine_has_the_image_once_and_only_where_it_fetched_something()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var swarm = new Swarm(2, 1 << 20, clock, new Random(1));
        MacAddress mac = new(1);
        SwarmNews Say(Asked asked) => swarm.Hear(mac, IPAddress.Loopback, asked);

        Say(new Asked { Has = [0] });
        Assert.Null(Say(new Asked { Got = 1 }).Finished);
        Say(new Asked { Has = [0] });
        Assert.Equal(OrderKind.Fetch, swarm.Next(mac).Kind);
        Assert.Equal(new Provenance(1, 0, 0), Say(new Asked { Got = 1 }).Finished);
        Say(new Asked { Has = [0] });
        swarm.Next(mac);
        Assert.Null(Say(new Asked { Got = 1 }).Finished);
    }

    private sealed class Player(int number)
    {
        public MacAddress Mac { get; } = new((ulong)number + 1);

        public IPAddress Address { get; } = new([10, 0, 0, (byte)(number + 1)]);

        public HashSet<int> Has { get; } = [];

        public bool Lies { get; set; }

        public bool Complains { get; set; }

        public bool IsDead { get; set; }

        /// <summary>What its takers say next; each has an order or has none.</summary>
        public (ChunkOrder? Order, Asked Says)[] Takers { get; } = [.. Enumerable.Repeat((default(ChunkOrder), new Asked()), 4)];
    }

    /// <summary>Some machine's taker does one step after the other, whichever comes next by chance.</summary>
    private sealed class Rollout(int seed)
    {
        private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
        private readonly Random _random = new(seed);
        private Swarm? _swarm;

        public IReadOnlyList<Player> Players { get; } = [.. Enumerable.Range(0, Machines).Select(number => new Player(number))];

        public IEnumerable<Player> Honest => Players.Where(player => !player.Lies);

        public List<DroppedMachine> Dropped { get; } = [];

        public int FromServer { get; private set; }

        public int Lies { get; private set; }

        /// <summary>After so many steps.</summary>
        public int? DiesAt { get; init; }

        public int? ForgetsAt { get; init; }

        private bool IsOver => Honest.All(player => player.IsDead || player.Has.Count == Chunks);

        public void Run()
        {
            _swarm = NewSwarm();
            foreach (var player in Players)
            {
                _swarm.Hear(player.Mac, player.Address, new Asked { Has = AllOf(player), Port = 8086 });
            }

            for (var step = 0; !IsOver; step++)
            {
                Assert.True(step < 1_000_000, "it comes to no end");
                Happen(step);
                var player = Players[_random.Next(Machines)];
                if (!player.IsDead && !player.Lies)
                {
                    Step(player, ref player.Takers[_random.Next(player.Takers.Length)]);
                }

                _clock.Advance(TimeSpan.FromMilliseconds(5));
            }
        }

        private Swarm NewSwarm() => new(Chunks, 1 << 20, _clock, _random);

        private static List<int> AllOf(Player player) => player.Lies ? [.. Enumerable.Range(0, Chunks)] : [.. player.Has];

        private void Happen(int step)
        {
            _swarm = step == ForgetsAt ? NewSwarm() : _swarm;
            foreach (var player in step == DiesAt ? Players.Take(Machines / 2) : [])
            {
                player.IsDead = true;
            }
        }

        private void Step(Player player, ref (ChunkOrder? Order, Asked Says) taker)
        {
            if (taker.Order is { } order)
            {
                taker = (null, Fetch(player, order));
                return;
            }

            var news = _swarm!.Hear(player.Mac, player.Address, taker.Says);
            Dropped.AddRange(news.Dropped is { } dropped ? [dropped] : []);
            var next = _swarm.Next(player.Mac);
            Assert.NotEqual(OrderKind.Gone, next.Kind);
            taker = next.Kind switch
            {
                OrderKind.Fetch => (next, new Asked()),
                OrderKind.Tell => (null, new Asked { Has = AllOf(player), Port = 8086 }),
                _ => (null, new Asked()),
            };
        }

        private Asked Fetch(Player player, ChunkOrder order)
        {
            var from = Players.FirstOrDefault(other => other.Address.Equals(order.From?.Address));
            FromServer += from is null ? 1 : 0;
            Lies += from is { Lies: true } ? 1 : 0;
            if (from is { IsDead: true } || (from is not null && player.Complains))
            {
                return new Asked { Missed = order.Chunk };
            }

            if (from is { Lies: true })
            {
                return new Asked { Wrong = order.Chunk };
            }

            Assert.True(from?.Has.Contains(order.Chunk) ?? true, "it was sent to a machine that does not have it");
            player.Has.Add(order.Chunk);
            return new Asked { Got = order.Chunk };
        }
    }
}
