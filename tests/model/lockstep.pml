/*
 * The barrier, the claims and the two ways to end a run: src/pool/lockstep.ts and src/pool/control.ts, one step for each
 * operation of Atomics. Names are the same. What the workers compute between them is left out: units are only counted.
 *
 * A define weakens one operation, to show that the model finds it: see model_test.ts.
 */
#ifndef WORKERS
#define WORKERS 3
#endif
#ifndef BATCHES
#define BATCHES 2
#endif
/* The even stages are over samples and write no weights, the odd ones are over weights. */
#define STAGES (2 * BATCHES)
/* A range of units for each worker: two in the first, one in each of the others. */
#define UNITS (WORKERS + 1)
#define SIZE(range) (range == 0 -> 2 : 1)
#define FIRST(range) (range == 0 -> 0 : range + 1)
#define ALL_STAGES 100
#define STOP 1
#define ABORT 2

byte claimed[WORKERS];
byte completed, stagesDone, ending;
short stoppedAt = -1;
bool asleep[WORKERS];

/* What has come true, for the assertions alone. */
byte done[STAGES * UNITS];
byte unitsDone[STAGES];
byte ended;
bool aborted;

#define wake d_step { \
    byte w; \
    w = 0; \
    do :: w < WORKERS -> asleep[w] = false; w++ :: else -> break od; \
    w = 0 \
  }

inline abortRun() {
  ending = ABORT;
  stagesDone = ALL_STAGES;
#ifndef NO_ABORT_NOTIFY
  wake
#else
  skip
#endif
}

inline doUnits(from, size) {
  at = from;
  do
  :: at < from + size ->
    d_step {
      assert(done[at] == 0);
      /* Nobody begins a stage before the one before it is done. */
      assert(stage == 0 || unitsDone[stage - 1] == UNITS);
      done[at] = 1;
      unitsDone[stage]++;
      at++
    }
  :: else -> break
  od
}

proctype worker(byte me) {
  byte stage, range, emptied, end, taken, next, at, before;

  do
  :: stage == STAGES -> break
  :: else ->
    emptied = 0;

    /* claim() */
    do
    :: emptied == WORKERS -> break
    :: else ->
    range = (me + emptied) % WORKERS;
    end = (stage + 1) * SIZE(range);
    taken = claimed[range];
    do
    :: taken >= end -> emptied++; break
    :: else ->
      if
      :: ending == ABORT -> goto leaves
      :: ending == STOP && stage % 2 == 0 ->
#ifdef STOP_WITHOUT_CLAIM
        stoppedAt = stage;
        abortRun();
        goto leaves;
#elif defined(STOP_BY_STORE)
        claimed[range] = end;
        stoppedAt = stage;
        abortRun();
        goto leaves;
#else
        if
        :: atomic { claimed[range] == taken -> claimed[range] = end };
          stoppedAt = stage;
          abortRun();
          goto leaves
        :: atomic { claimed[range] != taken -> taken = claimed[range] }
        fi
#endif
      :: ending != ABORT && !(ending == STOP && stage % 2 == 0) ->
        /* Any size that fits: more than a worker takes. */
        if
        :: next = taken + 1
        :: next = end
        fi;
#ifdef PLAIN_CLAIM
        if
        :: claimed[range] == taken -> claimed[range] = next;
#else
        if
        :: atomic { claimed[range] == taken -> claimed[range] = next };
#endif
          /* A range of a stage lies behind those before it. */
          doUnits(stage * UNITS + FIRST(range) + taken - stage * SIZE(range), next - taken);

          /* complete() */
#ifdef PLAIN_COMPLETE
          before = completed;
          completed = before + next - taken;
#else
          atomic { before = completed; completed = before + next - taken };
#endif
          if
          :: before + next - taken == (stage + 1) * UNITS ->
            /* advance() */
            atomic { if :: stagesDone == stage -> stagesDone = stage + 1 :: else fi };
#ifndef NO_NOTIFY
            wake
#endif
          :: else
          fi;
          taken = claimed[range]
        :: atomic { claimed[range] != taken -> taken = claimed[range] }
        fi
      fi
    od
    od;

    /* leave(): to look once or many times is the same here. */
    do
    :: stagesDone != stage -> break
    :: else ->
#ifdef WAIT_WITHOUT_LOOK
      asleep[me] = true;
#else
      atomic { if :: stagesDone == stage -> asleep[me] = true :: else fi };
#endif
      !asleep[me]
    od;
    if :: ending == ABORT -> goto leaves :: else fi;
    stage++
  od;
leaves:
  ended++
}

/* The main thread, or a worker that throws: it may stop the run, abort it, both or neither, at any time. */
active proctype ender() {
  if
  :: skip
  :: atomic { if :: ending == 0 -> ending = STOP :: else fi }
  fi;
  if
  :: skip
  :: aborted = true; abortRun()
  fi
}

init {
  byte n, last;
  atomic {
    do :: n < WORKERS -> run worker(n); n++ :: else -> break od
  }
  /* That all of them end is what "no invalid end states" checks. */
  ended == WORKERS;
  d_step {
    n = 0;
    if
    :: ending != ABORT ->
      do :: n < STAGES -> assert(unitsDone[n] == UNITS); n++ :: else -> break od
    :: ending == ABORT && !aborted ->
      /* Stopped: all batches before it are whole, and no weights were written since. */
      assert(stoppedAt >= 0 && stoppedAt % 2 == 0);
      do
      :: n < STAGES ->
        if
        :: n < stoppedAt -> assert(unitsDone[n] == UNITS)
        :: n > stoppedAt -> assert(unitsDone[n] == 0)
        :: else
        fi;
        n++
      :: else -> break
      od
    :: else
    fi
  }
}
