"""The menu of the run: its course, faults by hand, and its play-back."""

from __future__ import annotations

from bench_gui.window.menus.command import RUN, Command, Spec

PLAY_BACK_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.PLAY_BACK,
        RUN,
        "Play this run &back",
        "R",
        "Play the run that is shown from its beginning, exactly as it looked; while it plays, "
        "pause it or let it go on.",
        short="Play",
        first=True,
    ),
    Spec(
        Command.SLOWER,
        RUN,
        "Pla&y back slower",
        "<",
        "Play back at half the speed, down to a quarter.",
        short="Slower",
    ),
    Spec(
        Command.FASTER,
        RUN,
        "Play back &faster",
        ">",
        "Play back at twice the speed, up to sixteen times.",
        short="Faster",
    ),
    Spec(
        Command.CLOSE_PLAY_BACK,
        RUN,
        "Close t&he play-back",
        "Ctrl+W",
        "Go to the end of the run that is played back; at its end, close the run.",
        short="Close",
    ),
)

RUN_SPECS: tuple[Spec, ...] = (
    Spec(
        Command.START,
        RUN,
        "&Start",
        "F5",
        "Start every lane's producers and consumers as real processes, on the same events and "
        "the same fault schedule.",
        short="Start",
    ),
    Spec(
        Command.STOP,
        RUN,
        "S&top and drain",
        "F6",
        "Sources and faults stop, the workers finish what they have (drain), then the final count "
        "is made.",
        short="Stop",
    ),
    Spec(
        Command.ABORT,
        RUN,
        "C&ut off",
        "Shift+F6",
        "End every process at once, without drain or final count. The run says so.",
    ),
    Spec(
        Command.KILL_PRODUCER,
        RUN,
        "Kill a &producer now",
        "P",
        "SIGKILL to a random live producer, now, in every lane or in the one aimed at.",
        short="Kill",
        first=True,
    ),
    Spec(
        Command.KILL_CONSUMER,
        RUN,
        "Kill a &consumer now",
        "C",
        "SIGKILL to a random live consumer, now, in every lane or in the one aimed at.",
        short="Kill",
    ),
    Spec(
        Command.KILL_AT_STEP,
        RUN,
        "&Kill at a step",
        "K",
        "The next process of slot 0 that passes a protocol step kills itself exactly there, once.",
        short="At step...",
    ),
    Spec(
        Command.KILL_AT_WORST,
        RUN,
        "Kill at the &worst step",
        "W",
        "A process of the lane in focus kills itself where that does the most that the lane's "
        "semantic lets it do; with none in focus, one of every lane, each at its own worst step.",
        short="Worst step",
    ),
    Spec(
        Command.PAUSE_PRODUCER,
        RUN,
        "Pause a p&roducer now",
        "Shift+Z",
        "SIGSTOP to a random live producer; it goes on (SIGCONT) after the pause of the settings.",
        short="Pause",
        first=True,
    ),
    Spec(
        Command.PAUSE_CONSUMER,
        RUN,
        "Pause a consu&mer now",
        "Z",
        "SIGSTOP to a random live consumer: a zombie once its session has expired. It goes on "
        "(SIGCONT) after the pause of the settings.",
        short="Pause",
    ),
    Spec(
        Command.DOWN_PRODUCERS,
        RUN,
        "Take &all producers down",
        "Shift+P",
        "SIGKILL to every producer at once; their slots stay empty as long as the settings say.",
        short="All down",
    ),
    Spec(
        Command.DOWN_CONSUMERS,
        RUN,
        "Take a&ll consumers down",
        "Shift+C",
        "SIGKILL to every consumer at once; their slots stay empty as long as the settings say.",
        short="All down",
    ),
    Spec(
        Command.LOSE_ACK,
        RUN,
        "Lose an acknowled&gement",
        "A",
        "The next append of a producer happens, and its acknowledgement does not arrive in time: a "
        "producer that waits for it appends again.",
        short="Lose ack",
        first=True,
    ),
    Spec(
        Command.MEASURE,
        RUN,
        "Measure, &one lane at a time...",
        "Ctrl+M",
        "Open measure mode: each lane runs alone, in rounds, so that throughput, latency, CPU time "
        "and bytes per event can be compared; or turn one knob and see what it buys.",
        short="Measure...",
        first=True,
    ),
)
