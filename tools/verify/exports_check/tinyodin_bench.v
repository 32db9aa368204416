// Replays on tinyODIN what a host did with its stand-in: one line a transfer, kind, word, answer.
//   0 word      SPI write          1 address   event on the input bus
//   2 address   output expected    3 word byte SPI read, byte expected
`timescale 1ns / 1ps
module bench;
  reg clk = 0, reset = 0, sck = 0, mosi = 0, request = 0, acknowledge = 0;
  reg [9:0] address = 0;
  wire miso, taken, spikes, full;
  wire [7:0] neuron;

  tinyODIN chip (
    .CLK(clk), .RST(reset), .SCK(sck), .MOSI(mosi), .MISO(miso),
    .AERIN_ADDR(address), .AERIN_REQ(request), .AERIN_ACK(taken),
    .AEROUT_ADDR(neuron), .AEROUT_REQ(spikes), .AEROUT_ACK(acknowledge), .SCHED_FULL(full));

  always #1 clk = ~clk;

  // Outputs are taken at once and kept.
  localparam KEPT = 1 << 20;
  reg [7:0] kept[0:KEPT - 1];
  integer last = 0, first = 0;
  always begin
    @(posedge spikes);
    #3 kept[last] = neuron;
    last = last + 1;
    acknowledge = 1;
    wait (!spikes);
    #3 acknowledge = 0;
  end

  integer file, kind, fields, expected, place, patience, wrong = 0;
  reg [39:0] word;
  reg [19:0] answer;
  reg [8 * 256:1] name;

  // The clock of the SPI is ten times slower than the chip's.
  task transfer;
    for (place = 39; place >= 0; place = place - 1) begin
      mosi = word[place];
      #10 sck = 1;
      if (place < 20) answer[place] = miso;
      #10 sck = 0;
    end
  endtask

  task check(input integer given);
    if (given !== expected) wrong = wrong + 1;
  endtask

  initial begin
    if (!$value$plusargs("log=%s", name)) $finish;
    file = $fopen(name, "r");
    #5 reset = 1;
    #40 reset = 0;
    #40;
    while (!$feof(file)) begin
      fields = $fscanf(file, "%d %h %d\n", kind, word, expected);
      if (fields == 3) case (kind)
        0: begin
          transfer;
          #40;
        end
        1: begin
          address = word[9:0];
          #2 request = 1;
          wait (taken);
          #2 request = 0;
          wait (!taken);
          #2;
        end
        2: begin
          for (patience = 0; first == last && patience < 400000; patience = patience + 1) #2;
          check(first == last ? -1 : kept[first]);
          first = first + 1;
        end
        default: begin
          transfer;
          #40 check(answer[7:0]);
        end
      endcase
    end
    $display("%0d wrong, %0d spikes, %0d left", wrong, first, last - first);
    $finish;
  end
endmodule
